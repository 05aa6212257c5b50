// Stands for the tests of the area that is mutated; vitest.config.ts fills it with their bundle.
export {};
