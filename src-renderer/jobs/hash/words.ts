import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Hashing {source}',
    ended: 'Hashed {source}',
    fact: 'no file has a hash | {n} file has a hash | {n} files have a hash',
    done: 'Files hashed: {n}',
  },
  ar: {
    title: 'تُحسب بصمات {source}',
    ended: 'حُسبت بصمات {source}',
    fact: 'لا ملف له بصمة | ملف واحد له بصمة | ملفان لهما بصمة | {n} ملفات لها بصمة | {n} ملفًا له بصمة | {n} ملف له بصمة',
    done: 'ملفات حُسبت بصمتها: {n}',
  },
  de: {
    title: 'Prüfsummen von {source}',
    ended: 'Prüfsummen von {source} berechnet',
    fact: 'keine Datei mit Prüfsumme | {n} Datei mit Prüfsumme | {n} Dateien mit Prüfsumme',
    done: 'Gehashte Dateien: {n}',
  },
  es: {
    title: 'Sumas de {source}',
    ended: 'Sumas de {source} calculadas',
    fact: 'ningún archivo con suma | {n} archivo con suma | {n} archivos con suma',
    done: 'Archivos con hash: {n}',
  },
  ja: {
    title: '{source} のハッシュを計算中',
    ended: '{source} のハッシュを計算しました',
    fact: 'ハッシュのあるファイルなし | ハッシュのあるファイル：{n} | ハッシュのあるファイル：{n}',
    done: 'ハッシュ計算済みファイル: {n}',
  },
  'zh-CN': {
    title: '正在计算 {source} 的校验和',
    ended: '已计算 {source} 的校验和',
    fact: '没有带校验和的文件 | {n} 个文件有校验和 | {n} 个文件有校验和',
    done: '已计算哈希的文件：{n}',
  },
} satisfies JobWords
