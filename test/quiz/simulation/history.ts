import type { QuizCommand } from '../../../shared/quiz/commands.ts'
import { quizDecider } from '../../../shared/quiz/decider.ts'
import type { QuizState } from '../../../shared/quiz/state.ts'
import { Random } from '../../room/random.ts'
import { card, singles } from '../cards.ts'
import { user, WORKER } from '../memory.ts'
import { CHILD, deckOf, friends, payloadOf, ROOM, text } from '../rooms.ts'
import { type Acknowledged, Crowd, SHORT } from './crowd.ts'
import { type Doc, SimLog } from './log.ts'
import { type Cluster, Node } from './node.ts'
import { Timeline } from './timeline.ts'
import { Lease, Worker } from './worker.ts'

const NAMES = ['ann', 'bob', 'cy', 'dan', 'eve'] as const
const TYPED = card('typed', { type: 'typed', accepted: ['Paris'], spelling: 'exact', explanation: 'SECRET' })
const CARDS = [...singles(2), TYPED, ...singles(4).slice(2)]
const TROUBLE_MS = 40_000
const CALM_MS = 40_000

export interface Record {
  docs: readonly Doc[]
  /** What each process has folded, at the end. */
  states: readonly (QuizState | null)[]
  acknowledged: readonly Acknowledged[]
}

/** The decider without its fence: the epoch of a conductor is taken for the state's, whatever it is. The suite must fail with it. */
export const UNFENCED: Cluster['decider'] = {
  evolve: quizDecider.evolve,
  decide: (state, command, context) =>
    quizDecider.decide(
      state,
      command.type === 'conduct' ? { ...command, epoch: state?.conductor.epoch ?? 0 } : command,
      context,
    ),
}

/** One history: the same for the same seed. First with dying and stopped conductors and lost messages, then calm. */
export function historyOf(seed: number, decider: Cluster['decider'] = quizDecider): Record {
  const random = new Random(seed)
  const cluster: Cluster = { log: new SimLog(), time: new Timeline(), random, decider, nodes: [], ids: 0 }
  const servers = [new Node('s1', cluster), new Node('s2', cluster)] as const
  const lease = new Lease()
  cluster.nodes.push(...servers)
  const workers: Worker[] = []
  const begin = () => {
    const worker = new Worker(`w${cluster.ids++}`, cluster, lease, CARDS)
    workers.push(worker)
    cluster.nodes.push(worker.node)
  }
  const [first] = servers
  first.send({ id: 'create', ...creation(random) })
  for (let i = 0; i < 3; i++) begin()
  const crowd = new Crowd(cluster, servers, NAMES)
  crowd.start()
  trouble(cluster, workers, begin)
  cluster.time.run(TROUBLE_MS + CALM_MS)
  crowd.stop()
  cluster.time.run(TROUBLE_MS + 2 * CALM_MS)
  for (const node of cluster.nodes) node.catchUp()
  return { docs: cluster.log.docs, states: cluster.nodes.map(({ state }) => state), acknowledged: crowd.acknowledged }
}

function creation(random: Random): { command: QuizCommand; actor: { user: string; service: boolean } } {
  const payload = payloadOf(SHORT)
  const others = NAMES.slice(1, 3)
  return random.of<() => ReturnType<typeof creation>>([
    () => ({ command: { type: 'createHosted', room: ROOM, payload, facts: deckOf() }, actor: user('ann') }),
    () => ({
      command: { type: 'createGroup', room: ROOM, others, facts: friends(...others), ...text('hello') },
      actor: user('ann'),
    }),
    () => ({
      command: { type: 'createSpawned', room: CHILD, parent: ROOM, occupants: ['ann', ...others], payload },
      actor: WORKER,
    }),
  ])()
}

const kill = ({ node }: Worker) => {
  node.dead = true
}
const stop = ({ node }: Worker) => {
  const { random, time } = node.cluster
  node.pausedUntil = time.now + 500 + random.below(random.chance(0.5) ? 2_000 : 12_000)
}
const handOver = (worker: Worker) => worker.release()

/** Workers die and others come; some are stopped for longer than their lease and then go on as if nothing were. */
function trouble(cluster: Cluster, workers: readonly Worker[], begin: () => void): void {
  const { random, time } = cluster
  time.after(1_000 + random.below(4_000), () => {
    if (time.now > TROUBLE_MS) return
    const living = workers.filter(({ node }) => !node.dead && node.pausedUntil <= time.now)
    const victim = living[random.below(living.length)]
    if (victim !== undefined) random.of([kill, stop, stop, handOver])(victim)
    if (victim?.node.dead) begin()
    trouble(cluster, workers, begin)
  })
}
