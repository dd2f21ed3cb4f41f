/** What only a desktop does: drags to other programs, and what the file manager offers. */
export const desktopWords = {
  desktop: {
    title: 'برامج أخرى',
    limit: 'أكبر تحديد يمكن سحبه إلى الخارج',
    limitNote: 'تُكتب نسخ في مجلد مؤقت أولًا.',
    anySize: 'أي حجم',
    actions: 'مدير الملفات',
    actionsNote: 'الاستخراج والفحص من قائمة السياق.',
    install: 'تثبيت',
    remove: 'إزالة',
    installed: 'ثُبِّت في {folder}.',
    removed: 'أُزيل.',
  },
  dragOut: {
    preparing: 'ما زال تجهيز نسخ ما تسحبه جاريًا.',
    preparingDetail: 'اسحبه مرة أخرى بعد لحظة، أو اضغط F5 لاستخراجه.',
    tooLarge: 'أكبر من أن يُسحب إلى الخارج: الحد هو {limit}.',
    instead: 'اضغط F5 لاستخراجه، أو ارفع الحد في الإعدادات.',
  },
}
