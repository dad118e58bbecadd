import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { z } from 'zod'
import type { editDeckInput } from '../../../../shared/deck/schema.ts'
import { useFoyer } from '../../../react-query.ts'
import { command } from '../calls.ts'
import { useSite } from '../site.ts'
import { useAct } from '../use-act.ts'

const EVERY_MS = 15_000

export const useDeck = (deck: string) =>
  useQuery(useFoyer().deck.get.queryOptions({ deck }, { refetchInterval: EVERY_MS }))

export type DeckEdits = Omit<z.input<typeof editDeckInput>, 'deck' | 'id' | 'as'>
type Operations = NonNullable<DeckEdits['operations']>
export type CardOperation = Operations[number]

/** Changes a deck, and shows what came of it before it counts as done. */
export function useEdit(deck: string) {
  const { client } = useSite()
  const foyer = useFoyer()
  const queryClient = useQueryClient()
  const { act, ...rest } = useAct()
  const edit = useCallback(
    (edits: DeckEdits, onDone: () => void = () => {}) =>
      act(async () => {
        await command((envelope, options) => client.deck.edit.mutate({ ...envelope, deck, ...edits }, options))
        await queryClient.invalidateQueries(foyer.deck.pathFilter())
        onDone()
      }),
    [act, client, deck, foyer, queryClient],
  )
  return { edit, ...rest }
}
