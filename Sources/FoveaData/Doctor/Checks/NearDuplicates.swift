import FoveaCore

/// Pictures that look alike though their files differ: resized, compressed anew, brightened, cropped a little.
///
/// Two have to agree in three ways: by the two hashes of ``PerceptualHash``, and by the correlation of 8×8 means.
struct NearDuplicates: DataCheck {
  static let kind = "nearDuplicates"
  static let summary = "the same image several times, resized, compressed anew or changed a little"
  static let explanations = [
    "distance": "how many of the 64 bits of their frequencies' hashes may differ, 0 to 15",
    "differenceDistance": "how many of the 64 bits of their brightness differences' hashes may differ",
    "correlation": "how alike they are on a grid of 8×8 at least, 0 to 1",
    "most": "where a greater share of the images looks like one, the correlation must be 0.998: it is how they are",
  ]

  var distance = 7
  var differenceDistance = 10
  var correlation = 0.95
  var most = 0.05

  private static let strictCorrelation = 0.998

  func checkSettings() throws {
    guard (0...15).contains(distance) else {
      throw CheckSettingError(key: "distance", expected: "0 to 15", got: "\(distance)")
    }
  }

  func report(on survey: DataSurvey) -> CheckReport {
    // Of files that are the same, one stands for all.
    var original = Array(survey.pictures.indices)
    let identical = survey.identicalPictures()
    for group in identical { for copy in group { original[copy] = group[0] } }
    // What is one gray all over looks like nothing.
    let looked = survey.pictures.indices.filter {
      original[$0] == $0 && survey.pictures[$0].measures.map { $0.contrast >= 1 } ?? false
    }
    let hashes = looked.compactMap { survey.pictures[$0].measures?.hash }
    let index = HammingIndex(hashes.map(\.frequencies))
    var (used, remark) = (correlation, nil as String?)
    var found = groups(index, hashes, used)
    // Copies come in small groups. What belongs to one large group is of one sort, such as digits.
    let largest = found.map(\.members.count).max() ?? 0
    if largest >= 10, Double(largest) > most * Double(hashes.count), correlation < Self.strictCorrelation {
      used = Self.strictCorrelation
      remark = "\(largest.counted("image")) look alike, as is usual here; those are told that hardly differ at all"
      found = groups(index, hashes, used)
    }
    let copies = Dictionary(grouping: survey.pictures.indices) { original[$0] }
    let findings = found.map { group in
      let members = group.members.flatMap { copies[looked[$0]] ?? [] }.sorted()
      return survey.finding(
        of: members, "images that look alike", isCertain: false, figure: Double(group.distance),
        threshold: Double(distance))
    }
    return CheckReport(
      self, bound: "at most \(distance) of 64 bits apart, correlation from \(NumberText.short(used))", remark: remark,
      findings.worstFirst())
  }

  /// - Returns: numbers of hashes, and the greatest distance that joined some of them.
  private func groups(
    _ index: HammingIndex, _ hashes: [PerceptualHash], _ correlation: Double
  ) -> [(members: [Int], distance: Int)] {
    var groups = Groups(count: hashes.count)
    var joints: [(number: Int, distance: Int)] = []
    index.forEachPair(within: distance) { a, b, distance in
      guard groups.find(a) != groups.find(b),
        (hashes[a].differences ^ hashes[b].differences).nonzeroBitCount <= differenceDistance,
        hashes[a].correlation(with: hashes[b]) >= correlation
      else { return }
      groups.join(a, b)
      joints.append((a, distance))
    }
    var farthest: [Int: Int] = [:]
    for joint in joints {
      let first = groups.find(joint.number)
      farthest[first] = max(farthest[first] ?? 0, joint.distance)
    }
    return groups.all().map { ($0, farthest[$0[0]] ?? 0) }
  }
}
