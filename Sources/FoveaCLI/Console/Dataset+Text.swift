import Fovea

extension Dataset {
  /// What was read, in one line: `7,005 images of 2 classes: cats 3,500, dogs 3,505`.
  var text: String {
    let counts = classCounts
    var text = "\(Format.count(count, "image")) of \(Format.count(labels.count, "class", "classes"))"
    guard labels.count > Self.mostListed, let least = counts.min(), let most = counts.max() else {
      return text + ": " + list(counts)
    }
    text +=
      least == most ? ", \(Format.grouped(least)) each" : ", \(Format.grouped(least)) to \(Format.grouped(most)) each"
    return text + ": " + list(Array(counts.prefix(Self.mostListed / 2))) + ", …"
  }

  /// The classes without an image: `cats, dogs`. Nil where there is none.
  var emptyClasses: String? {
    let empty = zip(labels, classCounts).filter { $0.1 == 0 }.map { FileName.printable($0.0) }
    guard !empty.isEmpty else { return nil }
    return empty.prefix(Self.mostListed).joined(separator: ", ")
      + (empty.count > Self.mostListed ? " and \(Format.grouped(empty.count - Self.mostListed)) more" : "")
  }

  /// More classes than this make a line that nobody reads.
  private static let mostListed = 12

  private func list(_ counts: [Int]) -> String {
    zip(labels, counts).map { "\(FileName.printable($0)) \(Format.grouped($1))" }.joined(separator: ", ")
  }
}

extension Toolbox {
  /// Says what is worth knowing of how data was read, each thing once.
  func tell(_ remarks: [DataRemark]) {
    var told: Set<DataRemark> = []
    for remark in remarks where told.insert(remark).inserted {
      if remark.isWarning { warn(remark.text) } else { note(remark.text) }
    }
  }
}
