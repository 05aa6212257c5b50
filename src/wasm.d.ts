// What wrangler makes of an import of WebAssembly: a module, compiled with the Worker.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
