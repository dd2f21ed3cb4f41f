import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Protecting {source} against damage',
    ended: 'Protected {source} against damage',
    done: 'Created {name}, {size}',
    mends: 'Of every {of} sectors of the image, {n} may be lost. Keep the file beside the image.',
  },
  ar: {
    title: 'حماية {source} من التلف',
    ended: 'حُميت {source} من التلف',
    done: 'أُنشئ {name}، {size}',
    mends: 'من كل {of} قطاعًا في الصورة يجوز أن يُفقد {n}. احتفظ بالملف بجانب الصورة.',
  },
  de: {
    title: '{source} gegen Schäden schützen',
    ended: '{source} gegen Schäden geschützt',
    done: '{name} erstellt, {size}',
    mends: 'Von je {of} Sektoren des Abbilds dürfen {n} verloren gehen. Bewahren Sie die Datei neben dem Abbild auf.',
  },
  es: {
    title: 'Protegiendo {source} contra daños',
    ended: '{source} protegida contra daños',
    done: 'Creado {name}, {size}',
    mends: 'De cada {of} sectores de la imagen se pueden perder {n}. Guarde el archivo junto a la imagen.',
  },
  ja: {
    title: '{source} を破損に備えて保護中',
    ended: '{source} を破損に備えて保護しました',
    done: '{name} を作成しました ({size})',
    mends:
      'イメージの {of} セクターごとに {n} セクターまで失われても修復できます。ファイルはイメージの隣に置いてください。',
  },
  'zh-CN': {
    title: '保护 {source} 免受损坏',
    ended: '已保护 {source} 免受损坏',
    done: '已创建 {name}，{size}',
    mends: '映像每 {of} 个扇区中可丢失 {n} 个。请将该文件与映像放在一起。',
  },
} satisfies JobWords
