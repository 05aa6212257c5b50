declare const brand: unique symbol;

/** A primitive that only its own parser can make, so that a price cannot be passed where an amount is meant. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
