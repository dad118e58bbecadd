import { expect, test } from 'bun:test'
import { z } from 'zod'
import type { ElementAt, PartAt, ValueAt } from '../../client/room/pointer.ts'
import type { Room } from '../../client/room/types.ts'
import type { Json } from '../../shared/json.ts'

const schema = z.object({
  title: z.string(),
  n: z.number().optional(),
  due: z.iso.datetime().transform((text) => new Date(text)),
  cells: z.record(z.string(), z.object({ v: z.number() })),
  list: z.array(z.string()),
  items: z.array(z.object({ id: z.string(), tags: z.array(z.string()) })),
  'a/b~c': z.boolean(),
})
type Input = z.input<typeof schema>

/** True where two types are one. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const is = <T extends true>(yes: T) => yes

/** What is written here is looked at by the compiler only: nobody calls it. */
function written(room: Room<typeof schema>, untyped: Room, path: string): void {
  room.set('/title', 'text')
  // @ts-expect-error a number is no title
  room.set('/title', 1)
  // @ts-expect-error there is no such key
  room.set('/nothing', 1)
  room.set('/due', '2030-01-01T00:00:00.000Z')
  // @ts-expect-error what is stored is the text, not what the schema makes of it
  room.set('/due', new Date())
  room.set('/cells/a1', { v: 1 })
  room.set('/cells/a1/v', 1)
  // @ts-expect-error a cell has a number
  room.set('/cells/a1/v', 'text')
  room.set('/list/0', 'text')
  room.set('/items/@x/tags', ['text'])
  // @ts-expect-error tags are texts
  room.set('/items/@x/tags', [1])
  room.set('/a~1b~0c', true)
  room.setIfAbsent('/n', 1)
  room.compareAndSet('/n', undefined, 1)
  // @ts-expect-error what is expected has the same type
  room.compareAndSet('/n', 'text', 1)
  room.merge('/cells', { a1: { v: 1 } })
  room.merge('', { title: 'text' })
  // @ts-expect-error a part of all data has their types
  room.merge('', { title: 1 })
  room.append('/list', 'a', 'b')
  // @ts-expect-error an element is a text
  room.append('/list', 1)
  // @ts-expect-error a title is no list
  room.append('/title', 'text')
  room.insert('/items', 0, { id: 'x', tags: [] })
  // @ts-expect-error an element has tags
  room.insert('/items', 0, { id: 'x' })
  room.replace('/items/0/tags', 1, 'text')
  // @ts-expect-error a tag is a text
  room.replace('/items/0/tags', 1, 2)
  room.test('/title', 'text')
  // @ts-expect-error a test is for what may stand there
  room.test('/title', 1)
  // What is known at run time only takes any JSON.
  room.set(path, { any: ['thing'] })
  void room.transact((data, tx) => {
    tx.set('/title', data.due.toISOString())
    // @ts-expect-error a transaction has the same types
    tx.set('/title', data.due)
  })
  untyped.set('/whatever/there', { is: [1] })
  untyped.append('/whatever', 1, 'two')
  // @ts-expect-error a function is no JSON
  untyped.set('/whatever', () => {})
  const title: string = room.data.title
  const year: number = room.data.due.getUTCFullYear()
  // @ts-expect-error data are what the schema makes of them
  const due: string = room.data.due
  void [title, year, due]
}

test('a path`s type is what the schema says of it', () => {
  is<Same<ValueAt<Input, ''>, Input>>(true)
  is<Same<ValueAt<Input, '/title'>, string>>(true)
  is<Same<ValueAt<Input, '/n'>, number>>(true)
  is<Same<ValueAt<Input, '/due'>, string>>(true)
  is<Same<ValueAt<Input, '/cells/any~1thing/v'>, number>>(true)
  is<Same<ValueAt<Input, '/items/3/tags/0'>, string>>(true)
  is<Same<ValueAt<Input, '/items/@x/id'>, string>>(true)
  is<Same<ValueAt<Input, '/a~1b~0c'>, boolean>>(true)
  is<Same<ValueAt<Input, '/nothing'>, never>>(true)
  is<Same<ValueAt<Input, string>, Json>>(true)
  is<Same<ValueAt<Json, '/anything'>, Json>>(true)
  is<Same<ElementAt<Input, '/list'>, string>>(true)
  is<Same<ElementAt<Input, '/title'>, never>>(true)
  is<Same<PartAt<Input, '/cells'>, Partial<Record<string, { v: number }>>>>(true)
  // The lines above, and those of `written`, are tests of `tsc`; this one keeps them in the build.
  expect(written.length).toBe(3)
})
