import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Computing hashes of {source}',
    fact: 'no file has a hash | {n} file has a hash | {n} files have a hash',
    done: 'Files with a hash: {n}',
  },
  ar: {
    title: 'حساب بصمات {source}',
    fact: 'لا ملف له بصمة | ملف واحد له بصمة | ملفان لهما بصمة | {n} ملفات لها بصمة | {n} ملفًا له بصمة | {n} ملف له بصمة',
    done: 'ملفات لها بصمة: {n}',
  },
  de: {
    title: 'Prüfsummen von {source} berechnen',
    fact: 'keine Datei mit Prüfsumme | {n} Datei mit Prüfsumme | {n} Dateien mit Prüfsumme',
    done: 'Dateien mit Prüfsumme: {n}',
  },
  es: {
    title: 'Calculando sumas de {source}',
    fact: 'ningún archivo con suma | {n} archivo con suma | {n} archivos con suma',
    done: 'Archivos con suma: {n}',
  },
  ja: {
    title: '{source} のハッシュを計算中',
    fact: 'ハッシュのあるファイルなし | ハッシュのあるファイル：{n} | ハッシュのあるファイル：{n}',
    done: 'ハッシュのあるファイル：{n}',
  },
  'zh-CN': {
    title: '计算 {source} 的校验和',
    fact: '没有带校验和的文件 | {n} 个文件有校验和 | {n} 个文件有校验和',
    done: '已有校验和的文件：{n}',
  },
} satisfies JobWords
