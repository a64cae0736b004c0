/** What a map holds for a key, made where it holds nothing. */
export const getOr = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** Keeps something in a map of at most `limit`: where it is full, the oldest goes. Answers it. */
export const remember = <K, V>(map: Map<K, V>, key: K, value: V, limit: number): V => {
  if (map.size >= limit) map.delete(map.keys().next().value as K)
  map.set(key, value)
  return value
}
