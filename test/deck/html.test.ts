import { describe, expect, test } from 'bun:test'
import { clozesOf, isCloze } from '../../shared/deck/cloze.ts'
import { htmlToText } from '../../shared/deck/html.ts'
import { LIMITS } from '../../shared/limits.ts'

describe('the text of', () => {
  test.each([
    ['plain', 'plain'],
    ['<b>bold</b> and <i class="x">it</i>', 'bold and it'],
    ['a<br>b<BR/>c<br />d', 'a\nb\nc\nd'],
    ['<div>a</div><div>b</div>', 'a\nb'],
    ['<ul><li>a</li><li>b</li></ul>', 'a\nb'],
    ['  a \t b\u00a0&nbsp;c  ', 'a b c'],
    ['a &amp; b &lt;i&gt; &quot;c&quot; &#39;d&#x27;', 'a & b <i> "c" \'d\''],
    ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['&eacute; &unknown; &;', '&eacute; &unknown; &;'],
    ['&hasOwnProperty; &toString;', '&hasOwnProperty; &toString;'],
    ['&#128512;&#x1F600;', '😀😀'],
    ['a&#0;b&#7;c&#xd800;d&#x110000;e&#9999999;f&#128;', 'abcdef'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['x <3', 'x <3'],
    ['a<!-- b > <b> -->c', 'ac'],
    ['a<!-- open', 'a'],
    ['a<script>alert("</b>")</script>b', 'ab'],
    ['a<SCRIPT src=x>1</ScRiPt >b', 'ab'],
    ['a<style>p { color: red }</style>b', 'ab'],
    ['a<script>open', 'a'],
    ['a<script', 'a'],
    ['a<img src="x" onerror="alert(1)">b', 'ab'],
    ['a<img alt="x > y" title=\'<b>\'>b', 'ab'],
    ['a<b', 'a'],
    ["a<p don't>b", 'a\nb'],
    ['a</script>b</style>c', 'abc'],
    ["don't <b>won't</b> can't", "don't won't can't"],
    ['a<![CDATA[x]]>b<!doctype html>c<?php x ?>d', 'abcd'],
    ['</b>a</>b', 'a</>b'],
    ['[sound:dog.mp3]Hund', 'Hund'],
    ['İ<b>İ</b>İ<script>İ</script>İ', 'İİİİ'],
    ['<svg><script>x</script><text>y</text></svg>z', 'z'],
  ])('%j is %j', (html, text) => {
    expect(htmlToText(html)).toBe(text)
  })
})

test('the work grows with the length, whatever the HTML', () => {
  const from = performance.now()
  for (const part of [
    '<',
    '<a ',
    '<a href="',
    '<!--',
    '<script>',
    '</',
    '&#',
    '&amp',
    '[sound:',
    '{{c1::',
    '<b>x</b>',
  ]) {
    const hostile = part.repeat(LIMITS.deck.importChars / 8 / part.length)
    clozesOf(htmlToText(hostile))
  }
  expect(performance.now() - from).toBeLessThan(5_000)
})

describe('a note with gaps', () => {
  test('makes a card for each number of gap, with the other gaps filled', () => {
    expect(clozesOf('{{c2::Tallinn::city}} is the capital of {{c1::Estonia}}, not {{c2::Tartu}}.')).toEqual([
      { prompt: 'Tallinn is the capital of […], not Tartu.', answer: 'Estonia' },
      { prompt: '[city] is the capital of Estonia, not […].', answer: 'Tallinn, Tartu' },
    ])
  })

  test('is told from one without', () => {
    expect(['{{c1::a}}', 'x {{c12::a::b}}', '{{c1:a}}', '{{Front}}', ''].map(isCloze)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
