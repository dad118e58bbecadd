import type { createDeckInput } from '../../../../shared/deck/schema.ts'
import type { z } from 'zod'

/** A card of each kind, for who wants to see before they make. */
export const SAMPLE = {
  title: 'A little of everything',
  description: 'One card of each kind, made for you to try and to change.',
  cards: [
    { id: 'welcome', type: 'info', prompt: 'Welcome! Nine cards, one of each kind. Answer fast: it counts.' },
    {
      id: 'planet',
      type: 'single',
      prompt: 'Which planet is the largest?',
      options: ['Mars', 'Jupiter', 'Saturn', 'Neptune'],
      key: 1,
      explanation: 'Jupiter has more than twice the mass of all the other planets together.',
    },
    {
      id: 'primes',
      type: 'multiple',
      prompt: 'Which of these are prime numbers?',
      options: ['2', '9', '17', '21', '23'],
      key: [0, 2, 4],
      credit: 'partial',
    },
    {
      id: 'whale',
      type: 'true-false',
      prompt: 'A blue whale’s heart beats more than 100 times a minute.',
      key: false,
      explanation: 'At rest it beats about eight times a minute, and far less in a dive.',
    },
    { id: 'capital', type: 'typed', prompt: 'What is the capital of Portugal?', accepted: ['Lisbon', 'Lisboa'] },
    {
      id: 'invented',
      type: 'ordering',
      prompt: 'Put these in the order in which they were invented.',
      items: ['Printing press', 'Steam engine', 'Telephone', 'Transistor'],
      credit: 'partial',
    },
    {
      id: 'tower',
      type: 'slider',
      prompt: 'How tall is the Eiffel Tower, with its antennas?',
      min: 100,
      max: 600,
      step: 5,
      unit: 'm',
      key: 330,
      tolerance: 5,
      reach: 100,
    },
    {
      id: 'snack',
      type: 'poll',
      prompt: 'Which snack goes with a quiz?',
      options: ['Popcorn', 'Fruit', 'Nothing at all'],
    },
    { id: 'hola', type: 'flash-card', prompt: 'Spanish: “thank you very much”', back: 'muchas gracias' },
  ],
} satisfies z.input<typeof createDeckInput>
