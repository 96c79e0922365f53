//! One executor a provider.
