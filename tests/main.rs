//! One test binary. nextest gives every test a process of its own.

mod support;

mod contract {}

mod crash {}

mod platform {
    mod embedded;
}

mod tenancy {}
