import FoveaCore
import FoveaData
import FoveaImage
import Testing

@Suite struct ManifestDatasetTests {
  private func open(_ text: String, _ roles: ManifestRoles = ManifestRoles()) throws -> ManifestDataset {
    let folder = try TemporaryFolder()
    return try ManifestDataset(path: try folder.write(text, to: "data.csv"), roles: roles)
  }

  @Test func aLabelIsAClass() throws {
    let dataset = try open("path,label\na.png,10\nb.png,9\nc.png,10\n")
    #expect(dataset.targetDescriptions == [TargetDescription(name: "label", kind: .oneClass, labels: ["9", "10"])])
    #expect(dataset.targets(0, of: [0, 1, 2]) == [1, 0, 1] && dataset.targets(0, of: [2, 1]) == [1, 0])
    #expect(dataset.identifier(at: 1).hasSuffix("/b.png") && dataset.pictureNames == ["image"])
  }

  @Test func picturesAreHadByTheirNamesAlone() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("image:left,label,Path:right\na.png,x,/b.png\nc.png,y,d/e.png\n", to: "data.csv")
    let manifest = try PictureManifest(path: path, pictures: ["right", "left"])
    #expect(
      manifest.examples.map { $0.map(\.description) } == [
        ["/b.png", folder.path + "/a.png"], [folder.path + "/d/e.png", folder.path + "/c.png"],
      ])
    let error = #expect(throws: DataError.self) { try PictureManifest(path: path, pictures: ["left", "middle"]) }
    #expect(error?.description.contains("image:left, image:middle") == true, "\(String(describing: error))")
    try folder.write("image:left,image:right\na.png,\n", to: "data.csv")
    #expect(throws: DataError.self) { try PictureManifest(path: path, pictures: ["right"]) }
  }

  @Test func pathsAreRelativeToTheFile() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(7, to: "images/a b.png")
    let absolute = try folder.writePicture(9, to: "c.png")
    let path = try folder.write("image,class\nimages/a b.png,x\n\(absolute),y\nmissing.png,y\n", to: "data.csv")
    let dataset = Dataset(try ManifestDataset(path: path))
    #expect(try dataset.image(at: 0).shape == [3, 3, 5] && dataset.image(at: 1).shape == [3, 3, 5])
    // Found where all that cannot be read is found.
    #expect(try dataset.unusableExamples().map(\.example) == [2])
  }

  @Test func labelsAreColumnsOrLists() throws {
    let labels = ["cat", "dog", "red"]
    let rows = Targets.labels(TargetRows([1, 0, 1, 0, 0, 0, 0, 1, 0], width: 3))
    for (text, name) in [
      ("path,label:cat,label:dog,label:red\na,1,0,1\nb,0,0,0\nc,0,1,0\n", "labels"),
      ("path,cat,dog,red\na,1,0,1\nb,0,0,0\nc,0,1,0\n", "labels"),
      ("path,labels\na,red|cat\nb,\nc,dog\n", "labels"), ("path,what\na,cat|red\nb,\nc,dog\n", "what"),
    ] {
      let dataset = try open(text)
      #expect(dataset.targetDescriptions == [TargetDescription(name: name, kind: .labels, labels: labels)])
      #expect(dataset.targets(0, of: [0, 1, 2]) == rows)
    }
  }

  @Test func numbersAreOneTarget() throws {
    let numbers = Targets.numbers(TargetRows([1, 0.5, -2, 1e3], width: 2))
    for (text, roles) in [
      ("path,number:x,number:y\na,1,0.5\nb,-2,1e3\n", ManifestRoles()),
      ("path,x,y\na,1,0.5\nb,-2,1e3\n", ManifestRoles(others: .number)),
      ("path,x,y\na,1.0,.5\nb,-2,1e3\n", ManifestRoles()),
    ] {
      let dataset = try open(text, roles)
      #expect(
        dataset.targetDescriptions == [TargetDescription(name: "numbers", kind: .numbers, labels: ["x", "y"])])
      #expect(dataset.targets(0, of: [0, 1]) == numbers)
    }
  }

  @Test func thereMayBeSeveralPicturesAndSeveralTargets() throws {
    let dataset = try open(
      "image:left,image:right,class:digit,class:larger,note\na,b,3,no,x\nc,d,7,yes,\n",
      ManifestRoles(["note": .ignore]))
    #expect(dataset.pictureNames == ["left", "right"])
    #expect(dataset.targetDescriptions.map(\.name) == ["digit", "larger"])
    #expect(dataset.targets(0, of: [0, 1]) == [0, 1] && dataset.targets(1, of: [1, 0]) == [1, 0])
    #expect(dataset.remarks.isEmpty)
    #expect(
      try open("path,label,note\na,x,1\nb,y,2\n").remarks.map(\.text).first?.hasSuffix("the columns note") == true)
  }

  @Test func aBatchHasAllPicturesAndAllTargets() throws {
    let folder = try TemporaryFolder()
    for value: UInt8 in 1...4 { try folder.writePicture(value, to: "\(value).png", width: 2, height: 2, channels: 1) }
    let path = try folder.write(
      "image:left,image:right,class:a,number:b\n1.png,2.png,x,0.5\n3.png,none.png,y,1\n4.png,3.png,y,2\n",
      to: "data.csv")
    var settings = BatchLoader.Settings(shuffles: false)
    settings.failurePolicy = .skip
    let loader = try BatchLoader(
      Dataset(ManifestDataset(path: path)), preprocessing: [ToGrayscale()], settings: settings)
    let batch = try #require(try loader.batches(epoch: 0).next())
    #expect(batch.allInputs.count == 2 && batch.examples == [0, 2])
    #expect(batch.allInputs[0].elements == [1, 1, 1, 1, 4, 4, 4, 4])
    #expect(batch.allInputs[1].elements == [2, 2, 2, 2, 3, 3, 3, 3])
    #expect(batch.targets == [0, 1] && batch.allTargets[1] == .numbers(TargetRows([0.5, 2], width: 1)))
    // Only what is wanted, in another order.
    let chosen = loader.dataset.keeping(pictures: [1, 0]).keeping(targets: [1])
    let exchanged = try BatchLoader(chosen, preprocessing: [ToGrayscale()], settings: settings).load([0])
    #expect(exchanged.inputs.elements == [2, 2, 2, 2] && exchanged.targets.kind == .numbers)
    #expect(try loader.unusableExamples(on: WorkerPool(count: 1)).map(\.example) == [1])
    #expect(try loader.leavingOut([1]).load([1]).allInputs[1].elements == [3, 3, 3, 3])
  }

  @Test func cellsAreReadAsRFC4180Has() throws {
    let text = "\u{FEFF}path,\"la\"\"bel\"\r\n\"a,1.png\",\"one\r\ntwo\"\r\n\r\nb.png,\"say \"\"x\"\"\"\r\nc.png,ü"
    let dataset = try open(text)
    #expect(dataset.identifier(at: 0).hasSuffix("/a,1.png") && dataset.count == 3)
    #expect(dataset.targetDescriptions[0].name == "la\"bel")
    #expect(dataset.targetDescriptions[0].labels == ["one\r\ntwo", "say \"x\"", "ü"])
  }

  struct Fault: Sendable {
    let text: String
    let line: Int
    let column: String?
    let expected: String
    let got: String
  }

  static let faults = [
    Fault(text: "path,label\na,x,y\n", line: 2, column: nil, expected: "2 cells, as the first line has", got: "3"),
    Fault(
      text: "path,label\na,x\n\nb,\n", line: 4, column: "label", expected: "a class's name, without spaces around it",
      got: "nothing"),
    Fault(
      text: "path,label\n\"a\nb\",x\nc, y\n", line: 4, column: "label",
      expected: "a class's name, without spaces around it", got: "' y'"),
    Fault(
      text: "path,number:x\na,1\nb,nan\n", line: 3, column: "number:x", expected: "a number, such as 1.5", got: "'nan'"),
    Fault(text: "path,label:x\na,1\nb,2\n", line: 3, column: "label:x", expected: "0 or 1", got: "'2'"),
    Fault(
      text: "path,labels\na,x|x\n", line: 2, column: "labels",
      expected: "labels with | between them, each once, without spaces around them", got: "'x|x'"),
    Fault(
      text: "path,age\na,1\nb,2\n", line: 1, column: "age",
      expected: "a word that says what its whole numbers are: class:age, number:age or label:age",
      got: "'age', of which --columns may say it, too"),
    Fault(
      text: "file,label\na,x\n", line: 1, column: nil, expected: "a column 'path' or 'image' with the images' paths",
      got: "the columns file, label"),
    Fault(
      text: "path\na\n", line: 1, column: nil, expected: "a column with what is to be learned",
      got: "the columns path"),
    Fault(
      text: "path,label\na,\"x\"y\n", line: 2, column: "2",
      expected: "a comma or the line's end after a cell in quotes", got: "more of the cell"),
    Fault(
      text: "path,label\na,\"x\nb,y\n", line: 2, column: "2", expected: "a quote at the cell's end",
      got: "the file's end"),
    Fault(
      text: "path,label,label\na,x,y\n", line: 1, column: nil, expected: "a name of its own for each column",
      got: "two columns 'label'"),
    Fault(text: "path,label\n,x\n", line: 2, column: "path", expected: "an image's path", got: "nothing"),
  ]

  @Test(arguments: faults) func saysWhereItIsWrong(_ fault: Fault) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(fault.text, to: "data.csv")
    #expect(
      throws: DataError.manifest(
        path: path, line: fault.line, column: fault.column, expected: fault.expected, got: fault.got)
    ) { try Dataset.open(path, part: .training) }
  }

  @Test func otherLabelsAreBroughtIntoTheModelsOrder() throws {
    let data = Dataset(try open("path,labels\na,b\nb,a|b\n"))
    #expect(
      try data.relabeled(["c", "b", "a"]).targets == .labels(TargetRows([0, 1, 0, 0, 1, 1], width: 3)))
    let numbers = Dataset(try open("path,number:x,number:y\na,1,2\n"))
    #expect(try numbers.relabeled(["y", "x"]).targets == .numbers(TargetRows([2, 1], width: 2)))
    #expect(throws: DataError.missingNumber(name: numbers.name, number: "z", known: ["x", "y"])) {
      try numbers.relabeled(["x", "y", "z"])
    }
  }

  @Test func labelsAreDividedInTheirShares() throws {
    // Of 200 examples 100 have a, 40 have b, 10 have c, some several, and 90 none.
    let lines = (0..<200).map { index in
      let labels = [index % 2 == 0 ? "a" : nil, index % 5 == 0 ? "b" : nil, index % 20 == 1 ? "c" : nil]
      return "\(index).png,\(labels.compactMap { $0 }.joined(separator: "|"))"
    }
    let dataset = Dataset(try open("path,labels\n" + lines.joined(separator: "\n")))
    #expect(dataset.classCounts == [100, 40, 10])
    let (training, validation) = try dataset.split(validationFraction: 0.2, seed: 3)
    #expect(validation.classCounts == [20, 8, 2] && training.classCounts == [80, 32, 8])
    #expect(validation.count == 40)
    let again = try dataset.split(validationFraction: 0.2, seed: 3).validation
    #expect((0..<40).map(again.identifier) == (0..<40).map(validation.identifier))
  }
}
