import type { historyCommands as englishCommands, historyWords as englishWords } from '../en/history'

export const historyCommands: typeof englishCommands = {
  history: 'سجل قائمة الانتظار…',
  undoExtraction: 'التراجع عن الاستخراج…',
}

export const historyWords: typeof englishWords = {
  folders: {
    none: 'لا مجلدات هنا.',
  },
  history: {
    title: 'سجل قائمة الانتظار',
    empty: 'لم يُنفَّذ شيء بعد.',
    list: 'المهام، الأحدث أولًا',
    took: 'استغرقت {time}',
    undo: 'التراجع عن الاستخراج',
    undone: 'تم التراجع',
    undoTitle:
      'أتريد حذف ما كُتب في “{folder}”؟ | أتريد حذف ملف واحد كُتب في “{folder}”؟ | أتريد حذف ملفين كُتبا في “{folder}”؟ | أتريد حذف {n} ملفات كُتبت في “{folder}”؟ | أتريد حذف {n} ملفًا كُتبت في “{folder}”؟ | أتريد حذف {n} ملف كُتبت في “{folder}”؟',
    undoText:
      'لا يُحذف إلا ما بقي تمامًا كما كُتب. تبقى الملفات المعدّلة، والملفات التي حلّت محل غيرها، والمجلدات التي فيها شيء آخر.',
    undoConfirm: 'حذف',
    removed: 'لم يُحذف شيء | حُذف عنصر واحد | حُذف عنصران | حُذفت {n} عناصر | حُذف {n} عنصرًا | حُذف {n} عنصر',
    kept: 'لم يُحتفظ بشيء: {names} | احتُفظ بعنصر واحد لأنه تغيّر: {names} | احتُفظ بعنصرين لأنهما تغيّرا: {names} | احتُفظ بـ {n} عناصر لأنها تغيّرت: {names} | احتُفظ بـ {n} عنصرًا لأنها تغيّرت: {names} | احتُفظ بـ {n} عنصر لأنها تغيّرت: {names}',
    nothingToUndo: 'لا استخراج يمكن التراجع عنه.',
    stillRunning: 'لا يزال «{what}» قيد التنفيذ. ألغِه أو انتظر حتى ينتهي.',
    cannotUndo: 'لا يمكن التراجع عن «{what}».',
    tooManyToUndo: 'لا يمكن التراجع عن «{what}»: كتبت أكثر من {n} من الملفات والمجلدات.',
    undoWhat: '«{name}»، استُخرج في {time}.',
    clear: 'مسح السجل',
    elsewhere: 'مجلد آخر…',
    elsewhereTitle: 'إعادة المحاولة في مجلد آخر',
    elsewhereConfirm: 'استخدام هذا المجلد',
  },
}
