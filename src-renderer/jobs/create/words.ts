import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Creating {name}',
    ended: 'Created {written}',
    done: 'Created {name}, {size}',
    readBack: 'Written and read back: every file is there.',
    renamed: '{n} name was changed | {n} names were changed',
  },
  ar: {
    title: 'إنشاء {name}',
    ended: 'أُنشئ {written}',
    done: 'أُنشئ {name}، {size}',
    readBack: 'كُتبت وقُرئت ثانيةً: كل الملفات موجودة.',
    renamed: 'لم يتغيّر أي اسم | تغيّر اسم واحد | تغيّر اسمان | تغيّرت {n} أسماء | تغيّر {n} اسمًا | تغيّر {n} اسم',
  },
  de: {
    title: '{name} erstellen',
    ended: '{written} erstellt',
    done: '{name} erstellt, {size}',
    readBack: 'Geschrieben und zurückgelesen: Alle Dateien sind da.',
    renamed: '{n} Name geändert | {n} Namen geändert',
  },
  es: {
    title: 'Creando {name}',
    ended: '{written} creado',
    done: 'Creado {name}, {size}',
    readBack: 'Escrito y vuelto a leer: están todos los archivos.',
    renamed: '{n} nombre cambiado | {n} nombres cambiados',
  },
  ja: {
    title: '{name} を作成中',
    ended: '{written} を作成しました',
    done: '{name} を作成しました ({size})',
    readBack: '書き込んで読み戻しました。すべてのファイルがそろっています。',
    renamed: '{n} 個の名前を変更 | {n} 個の名前を変更',
  },
  'zh-CN': {
    title: '创建 {name}',
    ended: '已创建 {written}',
    done: '已创建 {name}，{size}',
    readBack: '已写入并读回：所有文件都在。',
    renamed: '更改了 {n} 个名称 | 更改了 {n} 个名称',
  },
} satisfies JobWords
