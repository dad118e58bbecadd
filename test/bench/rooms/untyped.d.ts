/** The packages without types of their own, as far as the bench uses them. */
declare module 'sharedb' {
  import type { Duplex } from 'node:stream'
  export default class Backend {
    constructor(options: { db: object; suppressPublish?: boolean })
    listen(stream: Duplex): void
  }
}
declare module 'sharedb-mongo' {
  export default function shareDbMongo(url: string, options?: { mongoOptions?: object }): object
}
