import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Finding lost images on {source}',
    ended: 'Searched {source} for lost images',
    found: 'No disc image found on {source} | {n} disc image found on {source} | {n} disc images found on {source}',
    next: '“Find lost images…” shows them again.',
    fact: 'no images found | {n} image found | {n} images found',
  },
  ar: {
    title: 'البحث عن صور مفقودة في {source}',
    ended: 'جرى البحث في {source} عن صور مفقودة',
    found:
      'لم يُعثر على أي صورة قرص في {source} | عُثر على صورة قرص واحدة في {source} | عُثر على صورتَي قرص في {source} | عُثر على {n} صور أقراص في {source} | عُثر على {n} صورة قرص في {source} | عُثر على {n} صورة قرص في {source}',
    next: 'يعرضها الأمر «البحث عن صور مفقودة…» من جديد.',
    fact: 'لم يُعثر على صور | عُثر على صورة واحدة | عُثر على صورتين | عُثر على {n} صور | عُثر على {n} صورة | عُثر على {n} صورة',
  },
  de: {
    title: 'Verlorene Abbilder auf {source} suchen',
    ended: '{source} nach verlorenen Abbildern durchsucht',
    found: 'Kein Abbild auf {source} gefunden | {n} Abbild auf {source} gefunden | {n} Abbilder auf {source} gefunden',
    next: '„Verlorene Abbilder suchen…“ zeigt sie wieder.',
    fact: 'keine Abbilder gefunden | {n} Abbild gefunden | {n} Abbilder gefunden',
  },
  es: {
    title: 'Buscando imágenes perdidas en {source}',
    ended: 'Se buscaron imágenes perdidas en {source}',
    found:
      'No se encontró ninguna imagen en {source} | {n} imagen encontrada en {source} | {n} imágenes encontradas en {source}',
    next: '«Buscar imágenes perdidas…» las muestra de nuevo.',
    fact: 'ninguna imagen encontrada | {n} imagen encontrada | {n} imágenes encontradas',
  },
  ja: {
    title: '{source} で失われたイメージを検索中',
    ended: '{source} で失われたイメージを検索しました',
    found:
      '{source} にディスクイメージは見つかりませんでした | {source} で {n} 個のディスクイメージが見つかりました | {source} で {n} 個のディスクイメージが見つかりました',
    next: '「失われたイメージを検索…」で再び表示できます。',
    fact: 'イメージは見つかりませんでした | {n} 個のイメージを検出 | {n} 個のイメージを検出',
  },
  'zh-CN': {
    title: '正在 {source} 上查找丢失的映像',
    ended: '已在 {source} 上查找丢失的映像',
    found: '在 {source} 上未找到光盘映像 | 在 {source} 上找到 {n} 个光盘映像 | 在 {source} 上找到 {n} 个光盘映像',
    next: '“查找丢失的映像…”可再次显示它们。',
    fact: '未找到映像 | 找到 {n} 个映像 | 找到 {n} 个映像',
  },
} satisfies JobWords
