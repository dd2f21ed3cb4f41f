import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Extracting from {source} to {destination}',
    ended: 'Extracted from {source} to {destination}',
    done: 'Nothing was extracted | Extracted {n} file, {size} | Extracted {n} files, {size}',
  },
  ar: {
    title: 'استخراج من {source} إلى {destination}',
    ended: 'استُخرج من {source} إلى {destination}',
    done: 'لم يُستخرج شيء | استُخرج ملف واحد، {size} | استُخرج ملفان، {size} | استُخرج {n} ملفات، {size} | استُخرج {n} ملفًا، {size} | استُخرج {n} ملف، {size}',
  },
  de: {
    title: 'Aus {source} nach {destination} extrahieren',
    ended: 'Aus {source} nach {destination} extrahiert',
    done: 'Nichts extrahiert | {n} Datei extrahiert, {size} | {n} Dateien extrahiert, {size}',
  },
  es: {
    title: 'Extrayendo de {source} a {destination}',
    ended: 'Extraído de {source} a {destination}',
    done: 'No se extrajo nada | {n} archivo extraído, {size} | {n} archivos extraídos, {size}',
  },
  ja: {
    title: '{source} から {destination} に取り出し中',
    ended: '{source} から {destination} に取り出しました',
    done: '何も取り出しませんでした | {n} ファイル（{size}）を取り出しました | {n} ファイル（{size}）を取り出しました',
  },
  'zh-CN': {
    title: '从 {source} 提取到 {destination}',
    ended: '已从 {source} 提取到 {destination}',
    done: '没有提取任何内容 | 已提取 {n} 个文件，{size} | 已提取 {n} 个文件，{size}',
  },
} satisfies JobWords
