/** Counted words have six forms: none, one, two, few, many, other. */
export const counted = (none: string, one: string, two: string, few: string, many: string, other = one): string =>
  [none, one, two, few, many, other].join(' | ')

export const files = (none: string, verb: string): string =>
  counted(
    none,
    `${verb} ملف واحد، {size}`,
    `${verb} ملفان، {size}`,
    `${verb} {n} ملفات، {size}`,
    `${verb} {n} ملفًا، {size}`,
    `${verb} {n} ملف، {size}`,
  )

export const items = (none: string): string =>
  counted(none, 'عنصر واحد', 'عنصران', '{n} عناصر', '{n} عنصرًا', '{n} عنصر')

export const doItems = (verb: string): string =>
  counted(verb, `${verb} عنصر واحد`, `${verb} عنصرين`, `${verb} {n} عناصر`, `${verb} {n} عنصرًا`, `${verb} {n} عنصر`)
