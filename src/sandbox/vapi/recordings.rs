//! Recordings: an address that wants our key leads to one that wants nothing and lasts a few minutes.
//!
//! What is heard is a second of a tone, real enough to be played. How long the real addresses last, and how they are signed, is
//! not published.

use std::f64::consts::TAU;

use hmac::{Hmac, Mac};
use poem::{
    IntoResponse, Response,
    http::{HeaderMap, StatusCode, header},
};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::{
    error::{Outcome, Refusal},
    store::{self, State},
};
use crate::sandbox::clock;

const RATE: u32 = 8_000;
const KINDS: [&str; 4] = ["mono", "stereo", "customer", "assistant"];

/// Makes and reads addresses of recordings.
#[derive(Debug, Clone)]
pub(super) struct Links {
    pub(super) base_url: String,
    pub(super) key: String,
    pub(super) seconds: i64,
}

impl Links {
    fn address(&self, call: &str, kind: &str) -> String {
        let expires = clock::now().unix_timestamp() + self.seconds;
        let signature = self.sign(call, kind, expires);
        format!("{}/storage/{call}/{kind}.wav?expires={expires}&signature={signature}", self.base_url)
    }

    fn sign(&self, call: &str, kind: &str, expires: i64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(format!("{call}/{kind}/{expires}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// What an artifact says of recordings.
    pub(super) fn artifact(&self, call: &str) -> Value {
        let [mono, stereo, customer, assistant] = KINDS.map(|kind| self.address(call, kind));
        json!({
            "recordingUrl": mono,
            "stereoRecordingUrl": stereo,
            "logUrl": format!("{}/call/{call}/call-logs", self.base_url),
            "recording": {
                "stereoUrl": stereo,
                "mono": { "combinedUrl": mono, "assistantUrl": assistant, "customerUrl": customer },
            },
        })
    }
}

/// `GET /call/{id}/mono-recording`, and the like.
pub(super) fn lead(state: &State, links: &Links, id: &str, what: &str) -> Outcome<Response> {
    let kind = what.strip_suffix("-recording").filter(|kind| KINDS.contains(kind));
    let kind = kind.ok_or_else(|| Refusal::unknown_url("GET", &format!("/call/{id}/{what}")))?;
    let place = store::place(&state.calls, "Call", id)?;
    let call = &state.calls[place];
    if call["artifact"]["recordingUrl"].is_null() {
        return Err(Refusal::new(StatusCode::NOT_FOUND, "Artifact not found."));
    }
    Ok(StatusCode::FOUND.with_header(header::LOCATION, links.address(id, kind)).into_response())
}

/// `GET /storage/{call}/{kind}.wav`.
pub(super) fn serve(
    links: &Links,
    call: &str,
    file: &str,
    query: &Map<String, Value>,
    headers: &HeaderMap,
) -> Response {
    let given = |name: &str| query.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = file.strip_suffix(".wav").unwrap_or_default();
    let expires: i64 = given("expires").parse().unwrap_or_default();
    let genuine = KINDS.contains(&kind) && given("signature") == links.sign(call, kind, expires);
    if !genuine || expires < clock::now().unix_timestamp() {
        return StatusCode::FORBIDDEN.with_body("Request has expired").into_response();
    }
    let whole = wav(call, if kind == "stereo" { 2 } else { 1 });
    let response = Response::builder().header(header::CONTENT_TYPE, "audio/wav").header(header::ACCEPT_RANGES, "bytes");
    match headers.get(header::RANGE).and_then(|range| range.to_str().ok()).map(|range| part(range, whole.len())) {
        None => response.body(whole),
        Some(None) => response
            .status(StatusCode::RANGE_NOT_SATISFIABLE)
            .header(header::CONTENT_RANGE, format!("bytes */{}", whole.len()))
            .body(()),
        Some(Some((first, last))) => response
            .status(StatusCode::PARTIAL_CONTENT)
            .header(header::CONTENT_RANGE, format!("bytes {first}-{last}/{}", whole.len()))
            .body(whole[first..=last].to_vec()),
    }
}

/// Of `bytes=0-99`, `bytes=100-` and `bytes=-100`: the first and the last byte.
fn part(range: &str, length: usize) -> Option<(usize, usize)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let end = length.checked_sub(1)?;
    let (first, last) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => (first, last.min(end)),
        (Ok(first), Err(_)) if last.is_empty() => (first, end),
        (Err(_), Ok(count)) if first.is_empty() && count > 0 => (length.saturating_sub(count), end),
        _ => return None,
    };
    (first <= last).then_some((first, last))
}

/// A second of a tone, its pitch the call's own.
fn wav(call: &str, channels: u16) -> Vec<u8> {
    let pitch = 220.0 + f64::from(call.bytes().fold(0_u8, u8::wrapping_add));
    let frame = u32::from(channels) * 2;
    let data = RATE * frame;
    let mut file = Vec::with_capacity(44 + data as usize);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + data).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&channels.to_le_bytes());
    file.extend_from_slice(&RATE.to_le_bytes());
    file.extend_from_slice(&(RATE * frame).to_le_bytes());
    file.extend_from_slice(&(channels * 2).to_le_bytes());
    file.extend_from_slice(&16_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&data.to_le_bytes());
    for at in 0..RATE {
        let sample = ((f64::from(at) / f64::from(RATE) * pitch * TAU).sin() * 8_000.0) as i16;
        for _ in 0..channels {
            file.extend_from_slice(&sample.to_le_bytes());
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_the_part_that_is_there() {
        for (range, expected) in [
            ("bytes=0-99", Some((0, 99))),
            ("bytes=100-", Some((100, 999))),
            ("bytes=-100", Some((900, 999))),
            ("bytes=900-5000", Some((900, 999))),
            ("bytes=1000-", None),
            ("bytes=5-4", None),
            ("bytes=-0", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(part(range, 1000), expected, "{range}");
        }
    }
}
