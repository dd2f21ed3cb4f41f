import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Writing {source} to {drive}',
    ended: 'Wrote {source} to {drive}',
    done: 'Wrote {source} to the drive, {size}',
    checked: 'Every byte was read back and is the same. You can take it out.',
  },
  ar: {
    title: 'كتابة {source} على {drive}',
    ended: 'كُتب {source} على {drive}',
    done: 'كُتب {source} على محرك الأقراص، {size}',
    checked: 'أُعيدت قراءة كل بايت وهو مطابق. يمكنك إخراجه.',
  },
  de: {
    title: '{source} auf {drive} schreiben',
    ended: '{source} auf {drive} geschrieben',
    done: '{source} auf das Laufwerk geschrieben, {size}',
    checked: 'Jedes Byte wurde zurückgelesen und ist gleich. Sie können es entfernen.',
  },
  es: {
    title: 'Escribiendo {source} en {drive}',
    ended: '{source} escrito en {drive}',
    done: '{source} escrito en la unidad, {size}',
    checked: 'Se ha releído cada byte y es idéntico. Ya puede extraerla.',
  },
  ja: {
    title: '{source} を {drive} に書き込み中',
    ended: '{source} を {drive} に書き込みました',
    done: '{source} をドライブに書き込みました ({size})',
    checked: 'すべてのバイトを読み戻し、一致しました。取り外せます。',
  },
  'zh-CN': {
    title: '将 {source} 写入 {drive}',
    ended: '已将 {source} 写入 {drive}',
    done: '已将 {source} 写入驱动器，{size}',
    checked: '已读回每个字节，完全一致。可以将其取出。',
  },
} satisfies JobWords
