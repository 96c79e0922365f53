//! Connections that can be cut from the inside, so that an answer can be lost the way networks lose it.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use poem::{
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// The open connections of a stand-in, by the caller's address.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<HashMap<SocketAddr, Arc<AtomicBool>>>>);

impl Lines {
    /// Nothing more is written on this connection: the next write closes it.
    pub(crate) fn cut(&self, caller: &RemoteAddr) {
        let Some(address) = caller.as_socket_addr() else { return };
        if let Some(cut) = self.0.lock().expect("lines").get(address) {
            cut.store(true, Ordering::Release);
        }
    }

    fn open(&self, address: SocketAddr) -> Arc<AtomicBool> {
        let cut = Arc::new(AtomicBool::new(false));
        self.0.lock().expect("lines").insert(address, cut.clone());
        cut
    }

    fn close(&self, address: &SocketAddr) {
        self.0.lock().expect("lines").remove(address);
    }
}

pub(crate) struct Doorman {
    listener: TcpListener,
    local: SocketAddr,
    lines: Lines,
}

impl Doorman {
    pub(crate) async fn bind(port: u16, lines: Lines) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let local = listener.local_addr()?;
        Ok(Self { listener, local, lines })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.local
    }
}

impl Acceptor for Doorman {
    type Io = Line;

    fn local_addr(&self) -> Vec<LocalAddr> {
        vec![LocalAddr(self.local.into())]
    }

    async fn accept(&mut self) -> io::Result<(Line, LocalAddr, RemoteAddr, Scheme)> {
        let (stream, caller) = self.listener.accept().await?;
        stream.set_nodelay(true)?;
        let line = Line { stream, caller, cut: self.lines.open(caller), lines: self.lines.clone() };
        Ok((line, LocalAddr(self.local.into()), RemoteAddr(caller.into()), Scheme::HTTP))
    }
}

pub(crate) struct Line {
    stream: TcpStream,
    caller: SocketAddr,
    cut: Arc<AtomicBool>,
    lines: Lines,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.lines.close(&self.caller);
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.cut.load(Ordering::Acquire) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
