import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { codePageDecoder } from '../../../src-shared/charset/code-pages'
import { detectCharset, nameDecoder } from '../../../src-shared/charset/detect'
import { safeName, UniqueNames } from '../../../src-main/image/core/safe-names'
import { buildIso, concat, nm, px, SP } from '../../images/iso-builder'
import { codes, openBytes, pathsOf } from '../../images/open-bytes'

const SAMPLES: [string, string, string[]][] = [
  ['shift_jis', 'shift_jis', ['新しいフォルダ', 'ファイル一覧.txt', '写真', 'テスト']],
  ['gb18030', 'gb18030', ['新建文件夹', '使用说明.txt', '图片资料', '软件安装']],
  ['big5', 'big5', ['使用說明.txt', '圖片資料', '軟體安裝程式']],
  ['euc-kr', 'euc-kr', ['새 폴더', '문서.txt', '사진 자료', '설치 프로그램']],
  ['cp437', 'cp437', ['Größe.txt', 'Übersicht', 'Prüfung', 'Schlüssel.doc']],
  ['latin1', 'latin1', ['Größe.txt', 'Übersicht', 'Prüfung', 'café.doc']],
  ['latin1', 'latin1', ['São Paulo.txt', 'Canção', 'Não é.doc']],
  ['latin1', 'latin1', ['Smörgåsbord', 'Æblegrød.txt', 'Fjällräven']],
  ['latin1', 'windows-1252', ['Français', 'Garçon à Noël.txt', 'cœur', 'Größe']],
  ['latin1', 'latin1', ['café.doc']],
  ['windows-1251', 'windows-1251', ['Новая папка', 'Документы.txt', 'Фотографии']],
  ['windows-1251', 'windows-1251', ['ОТЧЕТ.DOC', 'ПИСЬМА', 'СПИСОК.TXT']],
  ['windows-1251', 'windows-1251', ['Їжак', 'Єдність.txt', 'Київ']],
  ['koi8-u', 'koi8-r', ['Новая папка', 'Документы.txt', 'Фотографии']],
  ['koi8-u', 'koi8-u', ['документы', 'письма.txt', 'Київ']],
  ['ibm866', 'cp866', ['Новая папка', 'Документы.txt', 'Фотографии']],
  ['ibm866', 'cp866', ['ОТЧЕТ.DOC', 'ПИСЬМА', 'СПИСОК.TXT']],
  ['iso-8859-5', 'iso-8859-5', ['Новая папка', 'Документы.txt', 'Фотографии']],
  ['x-mac-cyrillic', 'maccyrillic', ['Новая папка', 'Документы.txt', 'Фотографии']],
  ['windows-1253', 'windows-1253', ['Έγγραφα', 'Φωτογραφίες.txt', 'Μουσική και βίντεο']],
  ['windows-1253', 'iso-8859-7', ['Ελληνικά αρχεία.txt', 'Μουσική']],
  ['iso-8859-7', 'iso-8859-7', ['Άνοιξη', 'Άλμπουμ φωτογραφιών', 'Αρχεία']],
  ['windows-1250', 'windows-1250', ['Zażółć gęślą jaźń.txt', 'Zdjęcia', 'Książki']],
  ['windows-1250', 'windows-1250', ['Příliš žluťoučký kůň.txt', 'Obrázky', 'Písničky']],
  ['iso-8859-2', 'iso-8859-2', ['Zażółć gęślą jaźń.txt', 'Zdjęcia', 'Książki']],
  ['cp852', 'cp852', ['Zażółć gęślą jaźń.txt', 'Zdjęcia', 'Książki']],
  ['windows-1254', 'windows-1254', ['Türkçe dosyalar.txt', 'Müzik ve şarkılar', 'Fotoğraflar']],
  ['windows-1254', 'windows-1254', ['İstanbul.txt', 'Şarkılar', 'ÇALIŞMA.DOC']],
  ['windows-1254', 'windows-1254', ['Yeni klasör', 'Değişiklikler.txt']],
  ['windows-1255', 'windows-1255', ['תיקייה חדשה', 'מסמכים.txt', 'תמונות']],
  ['windows-1255', 'iso-8859-8', ['שלום עולם.txt', 'קבצים']],
  ['windows-1256', 'windows-1256', ['مجلد جديد', 'مستندات.txt', 'صور وموسيقى']],
  ['iso-8859-6', 'iso-8859-6', ['مجلد جديد', 'مستندات.txt', 'الصور']],
  ['windows-874', 'windows-874', ['โฟลเดอร์ใหม่', 'เอกสาร.txt', 'รูปภาพ']],
  ['windows-874', 'tis620', ['เพลงไทย', 'คู่มือการใช้งาน.txt']],
  ['macintosh', 'macroman', ['Größe.txt', 'Übersicht', 'Prüfung']],
  ['macintosh', 'macroman', ['Système', 'Présentation été.doc', 'français']],
  ['cp437', 'cp437', ['été.txt', 'Réseau', 'français']],
  ['cp437', 'cp437', ['ÜBERGRÖßE.TXT', 'ÄRZTE']],
  ['windows-1251', 'windows-1251', ['письма', 'работа.txt', 'отчет за год']],
  ['koi8-u', 'koi8-r', ['письма', 'работа.txt', 'отчет за год']],
  ['utf-8', 'utf-8', ['Größe', '新しい']],
]

describe('the code pages of DOS', () => {
  test.each(['cp437', 'cp850', 'cp852', 'cp866'])('%s reads every byte as others do', (label) => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(nameDecoder(label)(every)).toBe(iconv.decode(Buffer.from(every), label))
  })

  test('are known by their names only', () => {
    expect(codePageDecoder('toString')).toBeNull()
    expect(() => nameDecoder('cp999')).toThrow(RangeError)
  })
})

describe('which encoding names are in', () => {
  test.each(SAMPLES)('%s', (expected, encoding, names) => {
    expect(detectCharset(names.map((name) => new Uint8Array(iconv.encode(name, encoding))))).toBe(expected)
  })

  test('an image’s names decide together, wherever they lie', async () => {
    const jis = (name: string): Uint8Array => new Uint8Array(iconv.encode(name, 'shift_jis'))
    const file = (id: string, name: string) => ({ name: id, data: '', use: concat(px(0o100644), nm(jis(name))) })
    const { bytes } = buildIso(
      [
        file('A;1', '新しいフォルダ'),
        {
          name: 'D',
          children: [file('B;1', 'ファイル一覧.txt'), file('C;1', 'テスト')],
          use: concat(px(0o040755), nm('d')),
        },
      ],
      { rootUse: concat(SP, px(0o040755)) },
    )
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['d', 'd/テスト', 'd/ファイル一覧.txt', '新しいフォルダ'])
    expect(codes(image)).toContain('NAMES_NOT_UTF8')
    const found = await image.view('rock-ridge').lookup('d/テスト')
    expect(Buffer.from(found?.entry.pathBytes ?? []).toString('latin1')).toBe(
      `d/${Buffer.from(jis('テスト')).toString('latin1')}`,
    )
    // The other order of questions gives the same names.
    const again = await openBytes(bytes)
    expect((await again.view('rock-ridge').lookup('d/テスト'))?.entry.path).toBe('d/テスト')
  })

  test('the user’s choice holds against all guesses', async () => {
    const name = new Uint8Array(iconv.encode('Größe', 'cp850'))
    const { bytes } = buildIso([{ name: 'A;1', data: '', use: concat(px(0o100644), nm(name)) }], {
      rootUse: concat(SP, px(0o040755)),
    })
    expect(await pathsOf(await openBytes(bytes, { charset: 'cp850' }))).toEqual(['Größe'])
  })
})

/** Whatever countries are called in a language: words that nobody chose for being told apart. */
describe('the names of countries, four at a time, in what their speakers’ discs are in', () => {
  const regions = Array.from({ length: 26 * 26 }, (_, n) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26)))

  test.each([
    ['ru', ['windows-1251', 'koi8-u', 'cp866', 'iso-8859-5']],
    ['uk', ['windows-1251', 'koi8-u']],
    ['el', ['windows-1253', 'iso-8859-7']],
    ['he', ['windows-1255']],
    ['ar', ['windows-1256', 'iso-8859-6']],
    ['th', ['windows-874']],
    ['tr', ['windows-1254']],
    ['ja', ['shift_jis', 'euc-jp']],
    ['zh-Hans', ['gb18030']],
    ['zh-Hant', ['big5']],
    ['ko', ['euc-kr']],
    ['pt', ['latin1', 'cp850']],
    // Nearly every letter of its own stands where Turkish has one.
    ['is', ['latin1'], 0.1],
  ] as [string, string[], number?][])('%s', (language, encodings, limit = 0.08) => {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
    const words = regions.map((region) => names.of(region) ?? '').filter((word) => /[^\0-\x7f]/.test(word))
    for (const encoding of encodings) {
      const written = words.filter((word) => iconv.decode(iconv.encode(word, encoding), encoding) === word)
      const wrong: string[] = []
      let count = 0
      for (let at = 0; at + 4 <= written.length; at += 4, count++) {
        const four = written.slice(at, at + 4)
        const bytes = four.map((word) => new Uint8Array(iconv.encode(word, encoding)))
        const charset = detectCharset(bytes)
        // A set that reads them all alike is as good.
        if (bytes.some((one, index) => nameDecoder(charset)(one) !== four[index]))
          wrong.push(`${charset}: ${four.join()}`)
      }
      expect(count, encoding).toBeGreaterThan(3)
      expect(wrong.length / count, `${encoding}: ${wrong.join('; ')}`).toBeLessThanOrEqual(limit)
    }
  })
})

describe('names as path segments', () => {
  test.each([
    ['', '_'],
    ['.', '_'],
    ['..', '__'],
    ['...', '...'],
    ['a/b', 'a_b'],
    ['a\0b', 'a_b'],
    ['CON', 'CON'],
  ])('%j becomes %j', (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })

  test('names that are taken get numbers', () => {
    const names = new UniqueNames()
    expect(['a', 'a', 'a~2', 'a', 'b'].map((name) => names.claim(name))).toEqual(['a', 'a~2', 'a~2~2', 'a~3', 'b'])
  })
})
