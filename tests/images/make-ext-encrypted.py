#!/usr/bin/env python3
"""Makes tests/images/ext/encrypted.img.zst: a volume of ext4 with a folder that Linux has encrypted. Needs e2fsprogs,
zstd, a kernel with encryption of files, and the right to mount. The key is 64 bytes that count from 0."""
import fcntl, os, struct, subprocess, tempfile

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'ext')


def request(direction, number, length):
    return direction << 30 | length << 16 | ord('f') << 8 | number


with tempfile.TemporaryDirectory() as work:
    image, top = os.path.join(work, 'encrypted.img'), os.path.join(work, 'top')
    os.mkdir(top)
    with open(os.path.join(top, 'plain.txt'), 'w') as plain:
        plain.write('plain\n')
    subprocess.run(
        ['mke2fs', '-q', '-F', '-t', 'ext4', '-O', 'encrypt,^has_journal', '-b', '4096', '-N', '32', '-d', top,
         '-U', '2d3c1b0a-0000-4000-8000-000000000003', '-L', 'locked', image, '1M'], check=True)
    subprocess.run(['mount', '-o', 'loop', image, top], check=True)
    try:
        # FS_IOC_ADD_ENCRYPTION_KEY, then FS_IOC_SET_ENCRYPTION_POLICY for the folder (fscrypt, version 2).
        key = bytes(range(64))
        argument = bytearray(struct.pack('<II32sII32s', 2, 0, b'', len(key), 0, b'') + key)
        volume = os.open(top, os.O_RDONLY)
        fcntl.ioctl(volume, request(3, 23, 80), argument, True)
        os.close(volume)
        secret = os.path.join(top, 'secret')
        os.mkdir(secret)
        folder = os.open(secret, os.O_RDONLY)
        fcntl.ioctl(folder, request(2, 19, 12), bytearray(struct.pack('<BBBBB3s16s', 2, 1, 4, 3, 0, b'', bytes(argument[8:24]))), True)
        os.close(folder)
        for name, text in (('content', 'x' * 5000), ('empty', '')):
            with open(os.path.join(secret, name), 'w') as file:
                file.write(text)
        os.symlink('content', os.path.join(secret, 'link'))
        os.mkdir(os.path.join(secret, 'folder'))
        os.mkdir(os.path.join(secret, 'n' * 200))
    finally:
        subprocess.run(['umount', top], check=True)
    subprocess.run(['zstd', '-q', '-19', '-f', image, '-o', os.path.join(here, 'encrypted.img.zst')], check=True)
