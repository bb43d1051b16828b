import Fovea

/// Pictures of what a network with the paper's codes sees: what F6 draws, and which codes are near to it.
struct ReadingSheets {
  private let result: Experiment.Result
  private let test: CharacterPictures
  private let nonsense: [Nonsense: CharacterPictures]
  private let codes: [[Float]]

  private static let pixel = 9
  private static let shown = "Ag0OolI1|{&@"
  private static let pairs = 12
  private static let nonsenseOfAKind = 6

  init(_ result: Experiment.Result, _ experiment: Experiment) {
    self.result = result
    test = experiment.test
    nonsense = experiment.nonsense
    codes = result.reader.codes
  }

  func all() throws -> [(name: String, sheet: Sheet)] {
    [("readings", try readings()), ("confusions", try confusions()), ("nonsense", try rejections())]
  }

  /// A dozen characters of the test fonts.
  private func readings() throws -> Sheet {
    var cells: [any Panel] = []
    for (number, character) in Self.shown.enumerated() {
      guard let target = CharacterPictures.characters.firstIndex(of: character) else { continue }
      let examples = (0..<test.count).filter { test.target(at: $0) == target }
      // Another font for each.
      let example = examples[(number * 7 + 3) % examples.count]
      let look = try result.reader.look(at: example, of: test)
      let nearest = look.outputs.indices.sorted { look.outputs[$0] < look.outputs[$1] }.prefix(3)
      let near = try nearest.enumerated().map { rank, other in
        try code(other, below: Self.text(look.outputs[other]), isAnswer: rank == 0, isRight: other == target)
      }
      cells.append(
        Stack(
          .horizontal, spacing: Palette.space,
          [try picture(test, example, above: Self.name(target)), try drawing(look.features)] + near))
    }
    return Sheet(
      title: "what LeNet-5 draws", facts: "characters of fonts that it has not learned from",
      explanation: "The picture; F6's 84 numbers as a bitmap of 7 x 12, black being +1; the three nearest of the "
        + "95 codes with the squared distances to them. The answer is framed: green where it is right, red where it is "
        + "wrong.",
      [Grid(cells, columns: 2, spacing: 28)])
  }

  /// The pairs that are taken for each other most often, with one mistake each.
  private func confusions() throws -> Sheet {
    var mistakes: [[Int]: [Int]] = [:]
    for (index, reading) in result.readings.enumerated() where reading.best[0] != test.target(at: index) {
      mistakes[[reading.best[0], test.target(at: index)].sorted(), default: []].append(index)
    }
    let pairs = mistakes.sorted { ($1.value.count, $0.key[0], $0.key[1]) < ($0.value.count, $1.key[0], $1.key[1]) }
    let cells = try pairs.prefix(Self.pairs).map { pair, examples -> any Panel in
      let example = examples[examples.count / 2]
      let (target, answer) = (test.target(at: example), result.readings[example].best[0])
      let look = try result.reader.look(at: example, of: test)
      let title = "\(Self.name(pair[0])) and \(Self.name(pair[1])): \(examples.count) times"
      let difference = LookAlikes.differences(pair[0], pair[1])
      let note = "codes differ in \(difference) \(difference == 1 ? "pixel" : "pixels")"
      return Stack(
        .vertical, spacing: 6,
        [
          Label(title, style: Palette.heading), Label(note, style: Palette.note),
          Stack(
            .horizontal, spacing: 12,
            [
              try picture(test, example, above: "is \(Self.name(target))"), try drawing(look.features),
              try code(target, below: Self.text(look.outputs[target]), isAnswer: false, isRight: true),
              try code(answer, below: Self.text(look.outputs[answer]), isAnswer: true, isRight: false),
            ]),
        ])
    }
    return Sheet(
      title: "what is taken for what", facts: "the pairs that are confused most often, either way",
      explanation: "One mistake of each pair: the picture, what F6 draws, the code of the right character and, framed, "
        + "that of the answer, with the squared distances.",
      [Grid(cells, columns: 3, spacing: 28)])
  }

  /// Pictures that are no characters, and whether they are rejected.
  private func rejections() throws -> Sheet {
    let threshold = result.score.threshold
    var rows: [any Panel] = []
    for kind in Nonsense.allCases {
      guard let pictures = nonsense[kind] else { continue }
      let cells = try (0..<min(Self.nonsenseOfAKind, pictures.count)).map { index -> any Panel in
        let look = try result.reader.look(at: index, of: pictures)
        let nearest = look.outputs.indices.min { look.outputs[$0] < look.outputs[$1] } ?? 0
        let isRejected = look.outputs[nearest] >= threshold
        return Stack(
          .horizontal, spacing: 12,
          [
            try picture(pictures, index, above: isRejected ? "rejected" : "read as \(Self.name(nearest))"),
            try drawing(look.features),
            try code(nearest, below: Self.text(look.outputs[nearest]), isAnswer: true, isRight: isRejected),
          ])
      }
      rows.append(
        Stack(
          .vertical, spacing: 10,
          [Label(kind.explanation, style: Palette.heading), Grid(cells, columns: 3, spacing: 28)]))
    }
    return Sheet(
      title: "what is no character", facts: "rejected from a squared distance of \(Self.text(threshold)) on",
      explanation: "The picture, what F6 draws, and the nearest code with its squared distance: framed green where "
        + "that is so large that the picture is rejected, red where it is read as that character.",
      rows)
  }

  private func picture(_ pictures: CharacterPictures, _ index: Int, above: String) throws -> any Panel {
    PicturePanel(
      try pictures.image(at: index), magnification: 3, above: above, captionStyle: Palette.heading)
  }

  private func drawing(_ features: [Float]) throws -> any Panel {
    PicturePanel(try Self.bitmap(features), magnification: Self.pixel, above: "F6", captionStyle: Palette.heading)
  }

  private func code(_ index: Int, below: String, isAnswer: Bool, isRight: Bool) throws -> any Panel {
    PicturePanel(
      try Self.bitmap(codes[index]), magnification: Self.pixel, above: Self.name(index), below: below,
      frame: !isAnswer ? Palette.line : isRight ? Palette.accent : Palette.positive, frameWidth: isAnswer ? 4 : 1,
      captionStyle: Palette.heading)
  }

  /// +1 and more is black, −1 and less white.
  private static func bitmap(_ values: [Float]) throws -> Image {
    try Gray().image(
      of: values.map { -$0 }, width: CharacterBitmap.width, height: CharacterBitmap.height, range: -1...1)
  }

  /// In words where the sheets' own letters would leave it open.
  private static func name(_ index: Int) -> String {
    let character = CharacterPictures.characters[index]
    return words[character] ?? String(character)
  }

  private static let words: [Character: String] = [
    " ": "space", "0": "zero", "O": "cap. O", "o": "small o", "1": "one", "I": "cap. I", "l": "small l", "|": "bar",
    "'": "apostrophe", "`": "grave", ",": "comma", ".": "period", "-": "hyphen", "_": "underscore", "\"": "quote",
  ]

  private static func text(_ value: Float) -> String {
    value < 10 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))"
  }
}
