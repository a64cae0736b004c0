/**
 * Signatures on which implementations of Ed25519 differ, with the verdict that counts here: ZIP-215 (https://zips.z.cash/zip-0215).
 * Made with the secret scalar 1234567891234567891234567 and the nonce 987654321987654321; torsion is the point of order 8 that
 * begins c7176a70. All hex; the message is signed as it stands, without a label.
 */
export interface Vector {
  readonly name: string
  readonly law: boolean
  readonly key: string
  readonly message: string
  readonly signature: string
}

export const vectors: readonly Vector[] = [
  {
    name: 'honest',
    law: true,
    key: 'e42863c7133d3aa164fd786e5ae6bab934ca6723455a0de28279f1504d17eb72',
    message: '6f6e652076657264696374',
    signature:
      '684c0d53ab44de46d526ab4d33b5947bab9d77af687fe0a09518a5f6df4a86eb0c29b47bf2cd6a6995636d5c7cdefb55d2e750979731a318e776d3102ee4b40a',
  },
  {
    name: 'S plus the order',
    law: false,
    key: 'e42863c7133d3aa164fd786e5ae6bab934ca6723455a0de28279f1504d17eb72',
    message: '6f6e652076657264696374',
    signature:
      '684c0d53ab44de46d526ab4d33b5947bab9d77af687fe0a09518a5f6df4a86ebf9fca9d80c317dc16b0065ff5ad8da6ad2e750979731a318e776d3102ee4b41a',
  },
  {
    name: 'S off by one',
    law: false,
    key: 'e42863c7133d3aa164fd786e5ae6bab934ca6723455a0de28279f1504d17eb72',
    message: '6f6e652076657264696374',
    signature:
      '684c0d53ab44de46d526ab4d33b5947bab9d77af687fe0a09518a5f6df4a86eb0d29b47bf2cd6a6995636d5c7cdefb55d2e750979731a318e776d3102ee4b40a',
  },
  {
    name: 'another message',
    law: false,
    key: 'e42863c7133d3aa164fd786e5ae6bab934ca6723455a0de28279f1504d17eb72',
    message: '74776f207665726469637473',
    signature:
      '684c0d53ab44de46d526ab4d33b5947bab9d77af687fe0a09518a5f6df4a86eb0c29b47bf2cd6a6995636d5c7cdefb55d2e750979731a318e776d3102ee4b40a',
  },
  {
    name: 'R with torsion',
    law: true,
    key: 'e42863c7133d3aa164fd786e5ae6bab934ca6723455a0de28279f1504d17eb72',
    message: '6f6e652076657264696374',
    signature:
      'dfd3145e691e9b998cb20bd6e1790ccfbd79f23e01dc20a7349e3aec7193acf6add73ae545fe4673f09c6a25ce677188cb9dd84fede0d80c3a1c0bbd17d60c0e',
  },
  {
    name: 'key with torsion',
    law: true,
    key: '8ae81e94a9974f11d523a129a1f2e618a54b6ec1345792fa11daaf3150bf8c13',
    message: '6f6e652076657264696374',
    signature:
      '684c0d53ab44de46d526ab4d33b5947bab9d77af687fe0a09518a5f6df4a86eb8492dae84bb0f8022a40430cc1328ce005886744a1807468655af4725ab8ca05',
  },
  {
    name: 'small-order key, S = 0',
    law: true,
    key: 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    message: '6f6e652076657264696374',
    signature:
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a0000000000000000000000000000000000000000000000000000000000000000',
  },
  {
    name: 'identity key, S = 0',
    law: true,
    key: '0100000000000000000000000000000000000000000000000000000000000000',
    message: '6f6e652076657264696374',
    signature:
      '01000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',
  },
  {
    name: 'identity written above the prime, S = 0',
    law: true,
    key: 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    message: '6f6e652076657264696374',
    signature:
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000',
  },
  {
    name: 'key off the curve',
    law: false,
    key: '0200000000000000000000000000000000000000000000000000000000000000',
    message: '6f6e652076657264696374',
    signature:
      '684c0d53ab44de46d526ab4d33b5947bab9d77af687fe0a09518a5f6df4a86eb0500000000000000000000000000000000000000000000000000000000000000',
  },
]
