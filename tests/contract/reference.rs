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
