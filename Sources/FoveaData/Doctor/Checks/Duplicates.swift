import FoveaCore

extension DataSurvey {
  /// Pictures whose files are the same, byte for byte, in groups: as long, of the same checksum and the same looks.
  func identicalPictures() -> [[Int]] {
    struct Content: Hashable {
      let checksum: UInt32
      let byteCount: Int
      // Where two files have the same checksum by chance, they do not look alike as well.
      let looks: UInt64?
    }
    let contents = pictures.indices.map { number in
      Content(
        checksum: pictures[number].checksum, byteCount: pictures[number].byteCount,
        looks: pictures[number].measures?.hash.frequencies)
    }
    // What could not be opened has no content.
    return Dictionary(grouping: pictures.indices.filter { pictures[$0].byteCount > 0 }) { contents[$0] }
      .values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }

  /// What is to be said of pictures that are one: the worst where they lie in several parts, then in several classes.
  func finding(
    of group: [Int], _ likeness: String, isCertain: Bool, figure: Double? = nil, threshold: Double? = nil
  ) -> Finding {
    let parts = Set(group.map { pictures[$0].part }).count
    let classes = Set(group.compactMap { pictures[$0].label }).count
    let across = (parts > 1 ? ["parts"] : []) + (classes > 1 ? ["classes"] : [])
    let places = [parts > 1 ? "\(parts) parts" : nil, classes > 1 ? "\(classes) classes" : nil].compactMap(\.self)
    let advice =
      if classes > 1 {
        "remove the wrong ones: at most one of the classes is right"
          + (parts > 1 ? "; and keep it in one part only, which is a leak" : "")
      } else if parts > 1 {
        "keep it in one part only: what was learned is no test (a leak)"
      } else {
        "keep one of them: copies count more than others in training"
      }
    return Finding(
      weight: isCertain && !across.isEmpty ? .defect : .taste,
      text: "\(group.count) \(likeness)" + (places.isEmpty ? "" : " in " + places.joined(separator: " and ")),
      figure: figure, threshold: threshold, advice: advice, across: across, pictures: group)
  }
}

extension [Finding] {
  /// Those across parts first, then across classes, then the others; large groups first among these.
  func worstFirst() -> [Finding] {
    func rank(_ finding: Finding) -> (Int, Int, Int) {
      let across = finding.across
      let place = across.contains("parts") ? 0 : across.contains("classes") ? 1 : 2
      return (place, -finding.pictures.count, finding.pictures[0])
    }
    return sorted { rank($0) < rank($1) }
  }
}
