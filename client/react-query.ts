/**
 * Foyer on TanStack Query, by tRPC's own integration. Needs `@tanstack/react-query` and `@trpc/tanstack-react-query` beside React.
 *
 * - `FoyerProvider`, `useFoyer`, `useFoyerClient`: query, mutation and subscription options of every procedure of the service.
 * - `useRooms`: the user's rooms.
 * @module
 */
export {
  FoyerProvider,
  type ListedRoom,
  useFoyer,
  useFoyerClient,
  useRooms,
  type UseRoomsOptions,
} from './react/use-rooms.ts'
