// Stands in for the kernels' WebAssembly, which an account's object reaches by its imports and never runs.
const none = null;

export { none as default };
