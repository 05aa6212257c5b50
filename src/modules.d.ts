// What wrangler makes of an import of WebAssembly: a module, compiled with the Worker.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

// Bytes that are built into the Worker, as wrangler gives them.
declare module "*.bin" {
  const bytes: ArrayBuffer;
  export default bytes;
}
