/// How one network does: shares, 0…1.
struct Score {
  /// Of all test characters, those that are read right.
  var right = 0.0
  /// Those whose character is among the three best.
  var amongThree = 0.0
  /// Of the wrong answers, those that look like the right one: by the paper's bitmaps.
  var nearByCode = 0.0
  /// The same by the training pictures.
  var nearByPicture = 0.0
  /// Of each kind of nonsense, what is rejected, when one in twenty of the characters that are read right is, too.
  var rejected: [Nonsense: Double] = [:]
  /// The strangeness from which on a picture is rejected.
  var threshold: Float = 0

  static let rejectedCharacters = 0.05

  init(
    _ readings: [Reading], of pictures: CharacterPictures, nonsense: [Nonsense: [Reading]], lookAlikes: LookAlikes
  ) {
    let share = { (part: Int, whole: Int) in whole == 0 ? 0 : Double(part) / Double(whole) }
    let targets = readings.indices.map { pictures.target(at: $0) }
    let answers = zip(readings, targets)
    let wrong = answers.filter { $0.best[0] != $1 }
    right = 1 - share(wrong.count, readings.count)
    amongThree = share(answers.count { $0.best.prefix(3).contains($1) }, readings.count)
    nearByCode = share(wrong.count { lookAlikes.areNearByCode($1, $0.best[0]) }, wrong.count)
    nearByPicture = share(wrong.count { lookAlikes.areNearByPicture($1, $0.best[0]) }, wrong.count)
    let good = answers.filter { $0.best[0] == $1 }.map(\.0.strangeness).sorted()
    if !good.isEmpty {
      threshold = good[min(Int(Double(good.count) * (1 - Self.rejectedCharacters)), good.count - 1)]
    }
    for (kind, readings) in nonsense {
      rejected[kind] = share(readings.count { $0.strangeness >= threshold }, readings.count)
    }
  }
}
