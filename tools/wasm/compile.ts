// Compiles WebAssembly in Node. The types of the platform, where nothing may be compiled at run time, have no constructor.
const { Module } = WebAssembly as unknown as { readonly Module: new (bytes: Uint8Array) => WebAssembly.Module };

export const compileWasm = (bytes: Uint8Array): WebAssembly.Module => new Module(bytes);
