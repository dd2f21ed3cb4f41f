import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { placeItem } from '../../../src-main/sinks/placing'
import { temporaryFolder } from '../support'

let folder: string
let staged: string
const to = (name: string): string => path.join(folder, name)
const never = (taken: string): never => {
  throw new Error(`${taken} is free`)
}

beforeEach(() => {
  folder = temporaryFolder()
  staged = path.join(temporaryFolder(), 'staged')
})

describe('a final name', () => {
  it('is given in one step where it is free', () => {
    fs.writeFileSync(staged, 'new')
    expect(placeItem({ from: staged, to, name: 'a', isFolder: false }, never)).toBe('a')
    expect(fs.readFileSync(to('a'), 'utf8')).toBe('new')
    expect(fs.existsSync(staged)).toBe(false)
  })

  it('is another one where it is taken, as often as that happens', () => {
    fs.writeFileSync(staged, 'new')
    for (const name of ['a', 'b', 'c']) fs.writeFileSync(to(name), name)
    const asked: string[] = []
    const placed = placeItem({ from: staged, to, name: 'a', isFolder: false }, (taken) => {
      asked.push(taken)
      return String.fromCharCode(taken.charCodeAt(0) + 1)
    })
    expect([placed, ...asked]).toEqual(['d', 'a', 'b', 'c'])
    expect(['a', 'b', 'c', 'd'].map((name) => fs.readFileSync(to(name), 'utf8'))).toEqual(['a', 'b', 'c', 'new'])
  })

  it('is given up where there is no other, and everything is where it was', () => {
    fs.writeFileSync(staged, 'new')
    fs.writeFileSync(to('a'), 'old')
    expect(placeItem({ from: staged, to, name: 'a', isFolder: false }, () => null)).toBeNull()
    expect([fs.readFileSync(staged, 'utf8'), fs.readFileSync(to('a'), 'utf8')]).toEqual(['new', 'old'])
  })

  it('replaces a file where that is wanted, but never a folder', () => {
    fs.writeFileSync(staged, 'new')
    fs.writeFileSync(to('a'), 'old')
    expect(placeItem({ from: staged, to, name: 'a', isFolder: false, isOver: true }, never)).toBe('a')
    expect(fs.readFileSync(to('a'), 'utf8')).toBe('new')
    fs.writeFileSync(staged, 'newer')
    fs.mkdirSync(to('b'))
    expect(placeItem({ from: staged, to, name: 'b', isFolder: false, isOver: true }, () => 'b2')).toBe('b2')
    expect(fs.statSync(to('b')).isDirectory()).toBe(true)
  })

  it('is given to a folder that may not be written, which stays so', () => {
    fs.mkdirSync(staged)
    fs.writeFileSync(path.join(staged, 'x'), '')
    fs.chmodSync(staged, 0o555)
    expect(placeItem({ from: staged, to, name: 'a', isFolder: true }, never)).toBe('a')
    expect(fs.readdirSync(to('a'))).toEqual(['x'])
    expect(fs.statSync(to('a')).mode & 0o777).toBe(0o555)
    fs.chmodSync(to('a'), 0o755)
  })
})
