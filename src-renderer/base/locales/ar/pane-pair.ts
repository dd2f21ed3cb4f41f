import type { panePairCommands as englishCommands, panePairWords as englishWords } from '../en/pane-pair'

export const panePairCommands: typeof englishCommands = {
  comparePanes: 'مقارنة اللوحتين',
  syncPanes: 'تصفّح متزامن',
  columnHeaders: 'الانتقال إلى رؤوس الأعمدة',
  compareWith: 'مقارنة مع…',
}

export const panePairWords: typeof englishWords = {
  panePair: {
    identical: 'تعرض اللوحتان الأسماء والأحجام نفسها.',
    differ: 'المحدد: {left} على اليسار، {right} على اليمين',
    how: 'قورنت بالاسم، والملفات بالحجم أيضًا.',
    tooMany: 'لا تُقارن هنا اللوحات التي فيها أكثر من {n} صف. قارن الصورتين بدلًا من ذلك.',
    compareTitle: 'مقارنة “{name}” مع',
    compareConfirm: 'مقارنة',
  },
}
