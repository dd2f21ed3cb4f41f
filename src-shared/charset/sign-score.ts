import type { NAME_CHARSETS } from '../model'

type Charset = keyof typeof NAME_CHARSETS

/**
 * The most frequent signs of running text and of file names, by which encodings that share a byte range are told apart:
 * read wrongly, text is made of signs that hardly anybody writes.
 */
const SIMPLIFIED =
  '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家' +
  '种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民' +
  '第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月' +
  '话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变' +
  '四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基书' +
  '非则听白界达光放强即像难且权思王象完设式色路记南品住告类求据程北边张该交规万取拉格望术领共确传师观清今切院让识带' +
  '导争运像图片音乐视频软装说档夹测试版亚语岛阿巴利群维尼罗哥兰'
const TRADITIONAL =
  '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家' +
  '種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日軍者意無力它與長把機十民' +
  '第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月' +
  '話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變' +
  '四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基書' +
  '非則聽白界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊張該交規萬取拉格望術領共確傳師觀清今切院讓識帶' +
  '導爭運圖片音樂視頻軟裝檔夾測試版亞語島阿巴群維尼羅哥蘭'
const HANGUL =
  '이다의는가을에한글서지고기로사하인자나시도어일리를해문파폴더새안국테스트명보정대수라과주제비아부장전적동성상공여' +
  '구소원들그학오조회생연경미치계관무화영모신세개선유물체설방실물행교단중습작용분간입결진음악료드디데크프램그로버마드' +
  '니르타바카라와우키티포루메노게레임요저년월강남북서은것수있되된했습니까위내면날말식품집책컴퓨터사진최종본'

const COMMON: Partial<Record<Charset, ReadonlySet<string>>> = {
  gb18030: new Set(SIMPLIFIED),
  big5: new Set(TRADITIONAL),
  'euc-kr': new Set(HANGUL),
}

/** Where the standards put the signs that are in daily use, by the first of two bytes; the others follow behind. */
const DAILY: Partial<Record<Charset, readonly [encoding: string, first: number, last: number]>> = {
  gb18030: ['gb18030', 0xb0, 0xd7],
  big5: ['big5', 0xa4, 0xc6],
  shift_jis: ['euc-jp', 0xb0, 0xcf],
  'euc-jp': ['euc-jp', 0xb0, 0xcf],
}
const dailySigns = new Map<string, ReadonlySet<string>>()

/** How much text in a set whose signs have two bytes looks like what people write; 0 for a set of one byte each. */
export function signScore(text: string, charset: Charset): number {
  let score = 0
  const characters = Array.from(text)
  for (const [at, character] of characters.entries()) {
    const code = character.codePointAt(0) ?? 0
    if (code >= 0x80) score += pointsOf(code, character, charset)
    // A lone accented letter between ASCII letters is what single-byte text looks like, and double-byte text does not.
    if (code <= 0x2e80 || !isAsciiLetter(characters[at - 1])) continue
    score -= isAsciiLetter(characters[at + 1]) ? 5 : 1
  }
  return score
}

function isAsciiLetter(character = ''): boolean {
  return /^[a-z]$/i.test(character)
}

function pointsOf(code: number, character: string, charset: Charset): number {
  if (COMMON[charset]?.has(character) === true) return 8
  const isHan = code >= 0x4e00 && code <= 0x9fff
  switch (charset) {
    case 'utf-8':
      return 20
    case 'shift_jis':
    case 'euc-jp':
      if (code >= 0x3040 && code <= 0x30ff) return 7
      if (isHan) return isDaily(character, charset) ? 3 : -1
      return code >= 0xff61 && code <= 0xff9f ? -2 : 1
    case 'gb18030':
    case 'big5':
      if (isHan) return isDaily(character, charset) ? 3 : 0
      return code >= 0xe000 && code <= 0xf8ff ? -6 : -1
    case 'euc-kr':
      return code >= 0xac00 && code <= 0xd7a3 ? 3 : -1
    default:
      return 0
  }
}

function isDaily(character: string, charset: Charset): boolean {
  const range = DAILY[charset]
  if (range === undefined) return false
  const [encoding, first, last] = range
  let signs = dailySigns.get(encoding)
  if (signs === undefined) dailySigns.set(encoding, (signs = signsOf(encoding, first, last)))
  return signs.has(character)
}

function signsOf(encoding: string, first: number, last: number): ReadonlySet<string> {
  const bytes: number[] = []
  for (let lead = first; lead <= last; lead++)
    for (let trail = encoding === 'big5' ? 0x40 : 0xa1; trail <= 0xfe; trail++)
      if (trail < 0x7f || trail > 0xa0) bytes.push(lead, trail)
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(bytes)))
}
