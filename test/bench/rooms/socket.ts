/** The JSON of a text. What many subscribers of one process hear is the same: it is parsed once, as this side is not what is measured. */
export function parserOfMany(): (text: string) => unknown {
  let last: { text: string; json: unknown } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, json: JSON.parse(text) }
    return last.json
  }
}

/** A WebSocket of the load generator: text frames in order. Rejects when it cannot be opened. */
export async function openSocket(url: string, heard: (text: string) => void) {
  const socket = new WebSocket(url)
  socket.onmessage = ({ data }) => heard(String(data))
  const opened = Promise.withResolvers<void>()
  socket.onopen = () => opened.resolve()
  socket.onclose = ({ code, reason }) => opened.reject(new Error(`${url} was closed: ${code} ${reason}`))
  await opened.promise
  return { send: (text: string) => socket.send(text), close: () => socket.close() }
}
export type OpenSocket = Awaited<ReturnType<typeof openSocket>>
