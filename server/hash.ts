/** A standard hash, so that what is stored means the same to every version of the runtime; a collision fools only its sender. */
export const hashOf = (source: string | Uint8Array) => Bun.hash.xxHash64(source).toString(36)
