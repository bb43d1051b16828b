import ArgumentParser
import Fovea

struct DoctorCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what is wrong with a data set, before a network learns from it.",
    discussion: """
      DATA is a folder or a CSV file as for 'fovea train'; of a folder with parts, all are looked at, and what lies in two \
      of them is told. A folder may also hold images and no class. No file of DATA is changed.

      Each check has a threshold, which --set changes; 'fovea kinds checks' lists them. With --model, labels are told that \
      the model is sure are wrong; it should not have learned from these images.

      The exit status is 0 when nothing is wrong for certain, whatever may be a matter of taste; 2 when something is (an \
      image cannot be read, one file lies in two parts or classes, a class is empty), and with --strict, when anything was \
      found; 1 when the command failed.

      Examples:
        fovea doctor pets/
        fovea doctor pets/ -o report/ --model pets.safetensors
        fovea doctor pets/ --only nearDuplicates,blurry --set blurry.threshold=80
        fovea doctor pets/ --json | jq '.findings[] | select(.kind == "unreadable") | .files[].path'
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "The folder with the images, or a CSV file that lists them.")
  var data: String

  @Option(
    help: ArgumentHelp("Another folder or CSV file, which must have no image in common with DATA.", valueName: "data"))
  var validation: String?

  @Flag(help: "Print a summary and one object for each finding as JSON.")
  var json = false

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "Write a page with thumbnails, index.html, and findings.json into this folder; it is made if missing.",
      valueName: "folder"))
  var output: String?

  @Option(help: ArgumentHelp("A model file, whose opinion of the labels is asked.", valueName: "model"))
  var model: String?

  @Flag(help: "Exit with status 2 when anything at all was found.")
  var strict = false

  @OptionGroup(title: "Checks") var checks: CheckOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Findings to name of each check; all are in the JSON.", valueName: "n"))
  var list = 5

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Images to show on the page of each check.", valueName: "n"))
  var thumbnails = 48

  @OptionGroup(title: "Data") var layout: LayoutOptions
  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if list < 0 { throw ValidationError("--list must be 0 or more, but is \(list)") }
    if thumbnails < 0 { throw ValidationError("--thumbnails must be 0 or more, but is \(thumbnails)") }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let checks = try checks.make(toolbox.registry)
    let saved = try model.map { try ModelArgument.load($0, foreign, for: .decisions, toolbox) }
    if let output { try DoctorPage.check(output) }
    var parts = try DataSurvey.open(data, as: layout.layout, columns: layout.columns)
    if let validation {
      let others = try DataSurvey.open(validation, as: layout.layout, columns: layout.columns)
      parts = parts.map { .init(parts.count == 1 ? "training" : $0.name, $0.dataset) }
      parts += others.map { .init(others.count == 1 ? validation : "\(validation) \($0.name)", $0.dataset) }
    }
    if let output { Interruption.keepsFromWriting(output) }
    let (pool, limits) = (WorkerPool(count: threads.apply()), decoding.limits)
    let start = ContinuousClock.now
    var bar = ProgressBar(isQuiet: toolbox.isQuiet)
    func progress(_ title: String, since start: ContinuousClock.Instant) -> (Int, Int) -> Void {
      { done, total in
        let rate = Double(done) / max((ContinuousClock.now - start) / .seconds(1), 1e-9)
        bar.update(title, done: done, total: total, rate: rate, remaining: Double(total - done) / rate)
      }
    }
    var survey = DataSurvey(
      parts, plane: self.checks.plane, limits: limits, on: pool, onProgress: progress("looking", since: start))
    if let saved {
      for (number, part) in parts.enumerated() {
        let opinions = try saved.opinions(
          on: part.dataset, registry: toolbox.registry, pool: pool, limits: limits,
          onProgress: progress("asking the model", since: .now))
        survey.add(opinions, ofPart: number)
      }
    }
    bar.clear()
    let diagnosis = Diagnosis(survey, checks: checks)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    toolbox.note("\(FileName.printable(data)): \(survey.text)")
    toolbox.tell(survey.remarks)
    toolbox.note(
      "looked at \(Format.count(survey.pictures.count, "image")) in \(Format.fixed(seconds, 1)) s, "
        + "\(Format.grouped(Int(Double(survey.pictures.count) / max(seconds, 1e-9)))) a second")
    if let output {
      let page = DoctorPage(diagnosis, title: data, thumbnails: thumbnails, on: pool)
      try page.write(to: output, findings: Format.json(diagnosis))
      Interruption.nothingToLose()
    }
    try Console.output.print(
      json
        ? Format.json(diagnosis) : diagnosis.text(of: data, width: Console.output.columns, naming: list, page: output))
    if diagnosis.hasDefects || strict && !diagnosis.findings.isEmpty { throw ExitCode.partialFailure }
  }
}
