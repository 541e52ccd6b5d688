// Addresses that somebody may type in to reach what only this machine can reach, each spelled as it would be typed.

/** Hosts that are addresses of this machine, of its network, of a cloud's inside, or of nobody. */
export const innerV4 = [
  ...[
    '127.0.0.1',
    '127.0.0.53',
    '127.255.255.254',
    '127.1',
    '127.0.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
  ],
  ...[
    '2130706433',
    '017700000001',
    '0x7f.1',
    '127.0.0.1.',
    '①②⑦.⓪.⓪.①',
    '１２７.0.0.1',
    '127。0。0。1',
    '127.0x0.00.1',
  ],
  ...['0.0.0.0', '0', '0x0', '0.1.2.3', '0.255.255.255'],
  ...['10.0.0.1', '10.255.255.255', '012.0.0.1', '167772161', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ...['192.168.255.255', '3232235521', '0xC0A80001', '192.168.1'],
  ...['169.254.169.254', '169.254.0.1', '169.254.170.2', '2852039166', '0xA9FEA9FE', '0251.0376.0251.0376'],
  ...['100.64.0.1', '100.100.100.200', '100.127.255.255', '168.63.129.16'],
  ...['192.0.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.7'],
  ...['203.0.113.9', '192.31.196.1', '192.52.193.1', '192.175.48.1'],
  // Other spellings of what is above: percent-encoded, with characters that browsers drop, with leading zeros.
  ...[
    '%31%32%37.0.0.1',
    '127%2E0%2E0%2E1',
    '127.0\t.0.1',
    '127.0\n.0.1',
    '127.0.0.1\u00AD',
    '127.0.0\u200B.1',
  ],
  ...['127\uFF0E0\uFF0E0\uFF0E1', '127\uFF610\uFF610\uFF611', '00000177.0.0.1', '0X7F.0.0.1', '127.0.0.1。'],
  ...[
    '169.254.43518',
    '0xa9.0xfe.0xa9.0xfe',
    '169.16689662',
    '192.168.257',
    '10.1',
    '0xa000001',
    '192.168.0xff',
  ],
  // What clouds tell their machines: instance data, credentials of containers, time, name service.
  ...[
    '169.254.170.23',
    '169.254.169.253',
    '169.254.169.123',
    '169.254.0.23',
    '169.254.42.42',
    '100.88.222.5',
  ],
  ...['224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.254', '255.255.255.255', '4294967295'],
];

const innerV6 = [
  ...[
    '::1',
    '::',
    '0:0:0:0:0:0:0:1',
    '0000::0001',
    '::2',
    '::ffff',
    '1::',
    '::127.0.0.1',
    '::7f00:1',
    '::8.8.8.8',
  ],
  ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:8.8.8.8'],
  ...[
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::10.0.0.1',
  ],
  ...['2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:c0a8:101::', '2002:808:808::1'],
  ...[
    '2001::1',
    '2001:0:7f00:1::',
    '2001:0:53aa:64c:0:fbff:80ff:fffe',
    '2001:2::1',
    '2001:3::1',
    '2001:4:112::1',
  ],
  ...['2001:10::1', '2001:20::1', '2001:30::1', '2001:db8::1', '3fff::1', '2620:4f:8000::1', '5f00::1'],
  ...['fc00::1', 'fd00::1', 'fd00:ec2::254', 'fdff:ffff::1', 'fe80::1', 'febf::1', 'fec0::1', 'feff::1'],
  ...[
    'ff02::1',
    'ff0e::1',
    'ff00::',
    '100::1',
    '200::1',
    '400::1',
    '4000::1',
    '8000::1',
    'c000::1',
    'e000::1',
  ],
  ...['0:0:0:0:0:ffff:127.0.0.1', '0000:0000:0000:0000:0000:ffff:a9fe:a9fe'],
  ...[
    'fd20:ce::254',
    'fd00:ec2::23',
    '64:ff9b::c0a8:101',
    '64:ff9b::100.64.0.1',
    '::ffff:100.100.100.200',
    '2002:6440:1::',
  ],
  ...['2606:4700::5efe:10.0.0.1', '2606:4700::200:5efe:127.0.0.1'],
];
const innerNames = [
  ...[
    'ｌｏｃａｌｈｏｓｔ',
    'ⓛⓞⓒⓐⓛhost',
    'lo\u00ADcalhost',
    'local\u200Bhost',
    '%6c%6f%63alhost',
    'localhost。',
    'x。localhost',
  ],
  ...[
    'instance-data',
    'kubernetes',
    'gateway.docker.internal',
    'host.docker.internal',
    'metadata.internal',
    'db.intranet',
  ],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    'localhost.localdomain',
    'printer.local',
    'db.internal',
  ],
  ...[
    'metadata.google.internal',
    'metadata',
    'intranet',
    'router.lan',
    'nas.home',
    'x.home.arpa',
    'mail.corp',
    'ﬁle',
  ],
];
const otherForms = [
  // One slash, none, many, backslashes, tabs and spaces are all the same to the reader of addresses.
  ...[
    'https:127.0.0.1',
    'https:/127.0.0.1/',
    'https:////127.0.0.1/',
    'https:\\\\127.0.0.1\\x',
    '\thttps://127.0.0.1/',
  ],
  ...[
    'ht\ntps://127.0.0.1/',
    ' https://[::1]/ ',
    'https://127.0.0.1?@hooks.example.com/',
    'https://[::1]/@x.example.com',
  ],
  ...[
    'https://127.0.0.1#@hooks.example.com/',
    'https://127.0.0.1/../hooks.example.com',
    'https://[::1]?x.example.com',
  ],
  ...[
    'https://hooks.example.com\t@127.0.0.1/',
    'https://hooks.example.com:443@127.0.0.1/',
    'https://a@b@127.0.0.1/',
  ],
  ...[
    'https://[::1]:443@hooks.example.com/',
    'https://%75@hooks.example.com/',
    'https://@@hooks.example.com/',
  ],
  // Not numbers that an address can have.
  ...[
    'https://127.0.0.1.1/',
    'https://4294967296/',
    'https://0x100000000/',
    'https://256.0.0.1/',
    'https://127.0.0.08/',
  ],
  ...[
    'https://[fe80::1%eth0]/',
    'https://[::1%lo]/',
    'https://[127.0.0.1]/',
    'https://[::1/',
    'https://::1/',
    'https://[:::1]/',
  ],
  ...[
    'https://[::ffff:127.0.0.256]/',
    'https://[::%31]/',
    'https://127.0.0.1:65536/',
    'https://127.0.0.1:-1/',
    'https://127.0.0.1:x/',
  ],
  ...[
    'https://local%00host/',
    'https://127.0.0.1%00.example.com/',
    'https://a b.example.com/',
    'https://<x>.example.com/',
  ],
  ...[
    'tftp://127.0.0.1/',
    'ldap://127.0.0.1/',
    'smtp://127.0.0.1:25/',
    'jar:https://hooks.example.com!/',
    'view-source:https://x.example.com',
  ],
  ...[
    'netdoc:///etc/passwd',
    'php://input',
    'ssh://git@hooks.example.com/',
    'about:blank',
    'postgres://127.0.0.1/x',
    'h2c://x.example.com/',
  ],
  ...[
    'https://hooks.example.com:25/',
    'https://hooks.example.com:6379/',
    'https://hooks.example.com:11211/',
    'https://hooks.example.com:4443/',
  ],
  ...[
    'http://hooks.example.com/',
    'HTTP://hooks.example.com',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
  ],
  ...['gopher://hooks.example.com/', 'data:text/plain,x', 'javascript:alert(1)', 'ws://hooks.example.com/'],
  ...[
    'wss://hooks.example.com/',
    'unix:/run/x.sock',
    'blob:https://hooks.example.com/x',
    'dict://127.0.0.1:11211/',
  ],
  ...[
    '//hooks.example.com/',
    'hooks.example.com',
    '',
    ' ',
    'https://',
    'https:///',
    'https://:443/',
    'https://[/',
  ],
  ...[
    'https://user@hooks.example.com/',
    'https://user:pw@hooks.example.com/',
    'https://:pw@hooks.example.com/',
  ],
  ...[
    'https://hooks.example.com@127.0.0.1/',
    'https://127.0.0.1\\@hooks.example.com/',
    'https://1.1.1.1&@127.0.0.1/',
  ],
  ...['https://hooks.example.com:80/', 'https://hooks.example.com:22/', 'https://hooks.example.com:8080/'],
  ...['https://hooks.example.com:5432/', 'https://hooks.example.com:0/', 'https://hooks.example.com:65535/'],
  ...['https://hooks.example.com:99999/', 'https://127.0.0.1%2f@x.example.com/', 'https://[::1%25lo]/'],
];

/** Every form as a whole address: none may ever be called, and each is refused by its look alone. */
export const forbiddenAddresses: readonly string[] = [
  ...[...innerV4, ...innerNames].flatMap((host) => [`https://${host}/`, `https://${host}:8443/x?y#z`]),
  ...innerV6.flatMap((host) => [`https://[${host}]/`, `https://[${host}]:8443/`]),
  ...otherForms,
];

/** Names that look public; what they lead to must be looked at before anybody connects. */
export const namesThatLeadInside: readonly string[] = [
  ...['127.0.0.1.nip.io', 'localtest.me', '10-0-0-1.sslip.io', 'x.127-0-0-1.example.com', 'metadata.goog'],
  ...[
    'metadata.tencentyun.com',
    'kubernetes.default.svc',
    'db.svc.cluster',
    '127.0.0.1;x.example.com',
    'xn--e1awd7f.com',
  ],
];

/** What a name service may answer: inner addresses, alone or among public ones, and what is none. */
export const innerAnswers: readonly string[][] = [
  ...[
    ['10.0.0.1'],
    ['127.0.0.1'],
    ['::1'],
    ['169.254.169.254'],
    ['fd00:ec2::254'],
    ['100.100.100.200'],
    ['0.0.0.0'],
  ],
  ...[
    ['93.184.215.14', '127.0.0.1'],
    ['127.0.0.1', '93.184.215.14'],
    ['93.184.215.14', '2606:4700::1111', '::ffff:10.0.0.1'],
  ],
  ...[
    ['::ffff:127.0.0.1'],
    ['64:ff9b::7f00:1'],
    ['2002:7f00:1::'],
    ['2606:4700::1', 'fe80::1%eth0'],
    ['fe80::1%lo'],
  ],
  ...[['not an address'], [''], ['hooks.example.com'], ['127.0.0.1:443'], []],
];
