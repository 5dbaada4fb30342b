import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BehaviorEventInput } from '@vitrine/sdk'
import { trackMarks } from './marks.ts'
import { PageConsent, recommendersOf } from './page.ts'
import { pageSettings } from './settings.ts'

function tag(attributes: Record<string, string>): HTMLScriptElement {
  const script = document.createElement('script')
  // No type that a browser runs: the tests read its attributes alone.
  script.type = 'text/plain'
  script.src = 'https://cdn.example/v1/vitrine.js'
  Object.assign(script.dataset, attributes)
  return script
}

const FULL = { endpoint: 'https://edge.example', model: 'm', key: 'pk_1' }

describe('the script tag', () => {
  it('takes the worker beside it, and no consent for granted', () => {
    expect(pageSettings(tag(FULL))).toEqual({
      ...FULL,
      consent: 'denied',
      workerUrl: 'https://cdn.example/v1/worker.js',
    })
  })

  it('takes a worker of the page’s own, devices and consent', () => {
    const settings = pageSettings(
      tag({ ...FULL, worker: '/vitrine/worker.js', devices: 'wasm, scalar', consent: 'granted' }),
    )
    expect(settings).toMatchObject({
      consent: 'granted',
      workerUrl: `${location.origin}/vitrine/worker.js`,
      devices: ['wasm', 'scalar'],
    })
    expect(pageSettings(tag({ ...FULL, devices: 'auto' })).devices).toBe('auto')
    expect(pageSettings(tag({ ...FULL, consent: 'yes' })).consent).toBe('denied')
  })

  it.each(['endpoint', 'model', 'key'])('names data-%s where it is missing', (name) => {
    expect(() => pageSettings(tag({ ...FULL, [name]: '' }))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining(`data-${name}`) }),
    )
  })
})

describe('the page', () => {
  it('makes one recommender a model, with the page’s consent, when it is asked for', async () => {
    const consent = new PageConsent('denied')
    const create = vi.fn(() => Promise.reject(new Error('no endpoint here')))
    const recommenderOf = recommendersOf(pageSettings(tag(FULL)), consent, create)
    expect(create).not.toHaveBeenCalled()
    const asked = [recommenderOf(), recommenderOf('m'), recommenderOf('other')]
    await Promise.allSettled(asked)
    expect(asked[0]).toBe(asked[1])
    expect(create.mock.calls).toEqual([
      [expect.objectContaining({ model: 'm', endpoint: FULL.endpoint, consent })],
      [expect.objectContaining({ model: 'other', consent })],
    ])
  })

  it('passes consent on when it changes, and only then', () => {
    const consent = new PageConsent('denied')
    const heard: string[] = []
    const end = consent.subscribe((now) => heard.push(now))
    consent.set('denied')
    consent.set('granted')
    end()
    consent.set('denied')
    expect(heard).toEqual(['granted'])
    expect(consent.get()).toBe('denied')
  })
})

describe('marks in the markup', () => {
  const tracked: BehaviorEventInput[] = []
  beforeAll(() => {
    document.body.innerHTML = '<p data-vitrine-view="a"></p>'
    trackMarks((event) => tracked.push(event))
  })
  afterEach(() => {
    tracked.length = 0
    document.body.replaceChildren()
  })

  it('tell of views: those that are there, and those that come', () => {
    document.body.innerHTML = '<vitrine-view item="b"></vitrine-view><vitrine-view></vitrine-view>'
    const view = document.querySelector('vitrine-view')!
    view.setAttribute('item', 'b')
    view.setAttribute('item', 'c')
    document.querySelectorAll('vitrine-view')[1]!.setAttribute('item', 'd')
    expect(tracked).toEqual(['a', 'b', 'c', 'd'].map((item) => ({ type: 'view', item })))
  })

  it('tell of what goes into the basket, and how many', () => {
    document.body.innerHTML =
      '<button data-vitrine-add="a"><b>Add</b></button><button data-vitrine-add="b" data-vitrine-quantity="3">Add</button><button data-vitrine-add="">Add</button>'
    for (const target of document.querySelectorAll<HTMLElement>('b, button:not(:first-child)')) target.click()
    expect(tracked).toEqual([
      { type: 'add_to_cart', item: 'a', value: 1 },
      { type: 'add_to_cart', item: 'b', value: 3 },
    ])
  })

  it('tell of a view again when the page comes back from the browser’s cache', () => {
    document.body.innerHTML = '<p data-vitrine-view="a"></p><vitrine-view item="b"></vitrine-view>'
    tracked.length = 0
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    expect(tracked.map(({ item }) => item)).toEqual(['a', 'b'])
  })
})
