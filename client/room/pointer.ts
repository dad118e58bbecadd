import type { Json } from '../../shared/json.ts'

/** A token of a JSON Pointer (RFC 6901) as it stands in the data: `~1` is a slash, `~0` a tilde. */
type Unescaped<T extends string> = T extends `${infer A}~1${infer B}` ? `${Tildes<A>}/${Unescaped<B>}` : Tildes<T>
type Tildes<T extends string> = T extends `${infer A}~0${infer B}` ? `${A}~${Tildes<B>}` : T

type Child<T, K extends string> = T extends readonly (infer E)[]
  ? E
  : K extends keyof T
    ? T[K]
    : string extends keyof T
      ? T[string & keyof T]
      : never

type Descend<T, P extends string> = P extends `/${infer K}/${infer Rest}`
  ? Descend<NonNullable<Child<T, Unescaped<K>>>, `/${Rest}`>
  : P extends `/${infer K}`
    ? Child<T, Unescaped<K>>
    : P extends ''
      ? T
      : never

/** Whether the data's type says nothing: no schema was given. */
type Untyped<T> = unknown extends T ? true : Json extends T ? true : false

/**
 * What stands at a JSON Pointer in data of type `T`: `ValueAt<{ cells: Record<string, number> }, '/cells/a1'>` is number.
 * A path that is not known before the program runs takes any JSON; one that cannot be there takes nothing.
 */
export type ValueAt<T, P extends string> = string extends P
  ? Json
  : Untyped<T> extends true
    ? Json
    : Exclude<Descend<T, P>, undefined>

/** The type of the elements of the list at a path. */
export type ElementAt<T, P extends string> =
  ValueAt<T, P> extends infer V ? (V extends readonly (infer E)[] ? E : Json extends V ? Json : never) : never

/** The keys and values that the dictionary at a path may be given. */
export type PartAt<T, P extends string> =
  ValueAt<T, P> extends infer V ? (Json extends V ? { readonly [key: string]: Json } : Partial<V>) : never
