// Writes the files of sample.iso into the folder named by the first argument. Same bytes every time.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'

const root = process.argv[2]
const when = new Date('2024-05-17T10:30:00Z')

const write = (name, content) => {
  const file = path.join(root, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
  fs.utimesSync(file, when, when)
}

function pngChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(zlib.crc32(body), body.length + 4)
  return out
}

/** A disc seen from above, in the colours that its surface breaks light into. */
function discPicture(size) {
  const rows = []
  for (let y = 0; y < size; y++) {
    const row = Buffer.alloc(1 + size * 4)
    for (let x = 0; x < size; x++) {
      const dx = x - size / 2 + 0.5
      const dy = y - size / 2 + 0.5
      const radius = Math.hypot(dx, dy) / (size / 2)
      const hue = (Math.atan2(dy, dx) / Math.PI) * 3 + 6
      const shade = (phase) => Math.round(170 + 60 * Math.sin(hue * 2 + phase + radius * 2))
      const inside = radius < 0.98 && radius > 0.14
      const ring = radius > 0.32 || !inside ? 1 : 0.85
      row.set(inside ? [shade(0) * ring, shade(2.1) * ring, shade(4.2) * ring, 255] : [0, 0, 0, 0], 1 + x * 4)
    }
    rows.push(row)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', zlib.deflateSync(Buffer.concat(rows), { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

write(
  'Welcome.txt',
  'Welcome to the sample disc of Isolde.\n\nBrowse the folders, look at a file by pressing key F3,\nor drag something out.\n',
)
write(
  'Recipes/Käsespätzle.txt',
  'Käsespätzle\n\n400 g Mehl, 4 Eier, 150 ml Wasser, Salz\n300 g Bergkäse, 2 Zwiebeln\n\nTeig schlagen, ins kochende Wasser schaben,\nmit Käse schichten, Zwiebeln darüber.\n',
)
write('Recipes/Crème brûlée.txt', 'Crème brûlée\n\n500 ml cream, 5 egg yolks, 80 g sugar, one vanilla pod\n')
write('Recipes/味噌汁.txt', '味噌汁\n\n出汁 600 ml、味噌 大さじ3、豆腐、わかめ\n')
write('Pictures/Disc.png', discPicture(256))
write(
  'Documents/Letters/A letter from the coast.md',
  '# A letter from the coast\n\nThe ferry was late, the gulls were not.\n\n- shells, mostly white\n- one bottle, no message\n',
)
write('Documents/Read me first.html', '<!doctype html>\n<title>Read me first</title>\n<h1>Hello</h1>\n<p>This page is on the disc.</p>\n')
write(
  'Documents/Tides.csv',
  ['day,high,low', ...Array.from({ length: 28 }, (_, day) => `${day + 1},${(3 + Math.sin(day / 4.5)).toFixed(2)},${(0.8 - Math.sin(day / 4.5) / 2).toFixed(2)}`), ''].join('\n'),
)
write('Software/hello.sh', '#!/bin/sh\necho "Hello from the disc"\n')
write('Software/settings.json', `${JSON.stringify({ language: 'en', volume: 11, colours: ['sand', 'sea'] }, null, 2)}\n`)
fs.chmodSync(path.join(root, 'Software/hello.sh'), 0o755)
fs.symlinkSync('../Welcome.txt', path.join(root, 'Documents/Welcome'))
fs.symlinkSync('Documents/Letters', path.join(root, 'Letters'))
