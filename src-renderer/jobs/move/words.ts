import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Moving to {destination}',
    ended: 'Moved to {destination}',
    done: 'Nothing was moved | Moved {n} file, {size} | Moved {n} files, {size}',
  },
  ar: {
    title: 'نقل إلى {destination}',
    ended: 'نُقل إلى {destination}',
    done: 'لم يُنقل شيء | نُقل ملف واحد، {size} | نُقل ملفان، {size} | نُقل {n} ملفات، {size} | نُقل {n} ملفًا، {size} | نُقل {n} ملف، {size}',
  },
  de: {
    title: 'Nach {destination} verschieben',
    ended: 'Nach {destination} verschoben',
    done: 'Nichts verschoben | {n} Datei verschoben, {size} | {n} Dateien verschoben, {size}',
  },
  es: {
    title: 'Moviendo a {destination}',
    ended: 'Movido a {destination}',
    done: 'No se movió nada | {n} archivo movido, {size} | {n} archivos movidos, {size}',
  },
  ja: {
    title: '{destination} に移動中',
    ended: '{destination} に移動しました',
    done: '何も移動しませんでした | {n} ファイル（{size}）を移動しました | {n} ファイル（{size}）を移動しました',
  },
  'zh-CN': {
    title: '移动到 {destination}',
    ended: '已移动到 {destination}',
    done: '没有移动任何内容 | 已移动 {n} 个文件，{size} | 已移动 {n} 个文件，{size}',
  },
} satisfies JobWords
