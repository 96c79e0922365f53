//! The printed references are what the code says today.

use voxanne::cli::reference;

fn page(name: &str) -> String {
    let path = format!("{}/docs/reference/{name}.md", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{path} is gone: voxanne reference {name} > it"))
}

#[test]
fn the_function_reference_is_current() {
    assert_eq!(
        page("functions"),
        reference::functions().expect("printed"),
        "voxanne reference functions > docs/reference/functions.md"
    );
}

#[test]
fn the_error_reference_is_current() {
    assert_eq!(page("errors"), reference::errors(), "voxanne reference errors > docs/reference/errors.md");
}

#[test]
fn the_pictures_of_the_sagas_are_current() {
    let path = format!("{}/docs/telephony-sagas.md", env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{path} is gone"));
    assert_eq!(page, reference::sagas().expect("printed"), "voxanne reference sagas > docs/telephony-sagas.md");
}

/// Mermaid draws a box for whatever name it meets, so a wrong arrow would not be noticed.
#[test]
fn every_arrow_of_a_picture_leads_from_a_box_to_a_box() {
    let page = reference::sagas().expect("printed");
    let pictures: Vec<&str> = page.split("```mermaid\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(pictures.len() >= 2, "{page}");
    for picture in pictures {
        let mut lines = picture.lines().map(str::trim);
        assert_eq!(lines.next(), Some("flowchart TD"));
        let (arrows, boxes): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.contains("->"));
        let names: Vec<&str> = boxes.iter().map(|line| line.split(['[', '(']).next().expect("a name")).collect();
        for arrow in arrows {
            let ends = arrow
                .split(" --> ")
                .flat_map(|part| part.split(" -. "))
                .map(|end| end.rsplit(" .-> ").next().expect("an end"));
            for end in ends {
                let is_drawn = names.contains(&end) || end.contains("([");
                assert!(is_drawn, "{arrow}: {end} is no box of\n{picture}");
            }
        }
        for line in &boxes {
            let text = line.split_once('[').map(|(_, text)| text).expect("a text");
            assert!(text.ends_with("\"]") && text.matches('"').count() == 2 || text.ends_with("])"), "{line}");
        }
    }
}
