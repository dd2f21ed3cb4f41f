import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Copying to {destination}',
    ended: 'Copied to {destination}',
    done: 'Nothing was copied | Copied {n} file, {size} | Copied {n} files, {size}',
  },
  ar: {
    title: 'نسخ إلى {destination}',
    ended: 'نُسخ إلى {destination}',
    done: 'لم يُنسخ شيء | نُسخ ملف واحد، {size} | نُسخ ملفان، {size} | نُسخ {n} ملفات، {size} | نُسخ {n} ملفًا، {size} | نُسخ {n} ملف، {size}',
  },
  de: {
    title: 'Nach {destination} kopieren',
    ended: 'Nach {destination} kopiert',
    done: 'Nichts kopiert | {n} Datei kopiert, {size} | {n} Dateien kopiert, {size}',
  },
  es: {
    title: 'Copiando a {destination}',
    ended: 'Copiado a {destination}',
    done: 'No se copió nada | {n} archivo copiado, {size} | {n} archivos copiados, {size}',
  },
  ja: {
    title: '{destination} にコピー中',
    ended: '{destination} にコピーしました',
    done: '何もコピーしませんでした | {n} ファイル（{size}）をコピーしました | {n} ファイル（{size}）をコピーしました',
  },
  'zh-CN': {
    title: '复制到 {destination}',
    ended: '已复制到 {destination}',
    done: '没有复制任何内容 | 已复制 {n} 个文件，{size} | 已复制 {n} 个文件，{size}',
  },
} satisfies JobWords
