import ArgumentParser
import Fovea

/// The program: its commands, and what holds for all of them.
@main
struct FoveaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fovea",
    abstract: "Train convolutional networks, classify images with them, and see what they see.",
    discussion: """
      A network is described by the name of a built-in architecture, such as lenet, or by a YAML file. Training writes \
      one model file, which holds all that using it takes.

      Examples:
        fovea doctor fashion-mnist/
        fovea train lenet fashion-mnist/ -o fashion.safetensors --epochs 2
        fovea evaluate fashion.safetensors fashion-mnist/
        fovea classify fashion.safetensors photos/
        fovea features fashion.safetensors photos/shoe.png -o features/
        fovea explain fashion.safetensors photos/ -o explained/

      Results go to standard output, progress and messages to standard error. The exit status is 0 when all went well, \
      1 when the command failed, 2 when images could not be classified (each has its row, which says why) or 'fovea \
      doctor' has found a defect, 64 when the command line was not understood, and 130 after ctrl-C.
      """,
    version: Toolkit.version,
    subcommands: [
      TrainCommand.self, SearchCommand.self, EvaluateCommand.self, ReportCommand.self, CalibrateCommand.self,
      QuantizeCommand.self, ClassifyCommand.self, MergeCommand.self, FeaturesCommand.self, ExplainCommand.self,
      FiltersCommand.self, EmbedCommand.self, NeighborsCommand.self, DoctorCommand.self, SummaryCommand.self,
      ProfileCommand.self, RunCommand.self, ImportCommand.self, ExportCommand.self, LayersCommand.self,
      KindsCommand.self,
      AugmentCommand.self,
      ConvolveCommand.self,
      PluginCommand.self, ManualCommand.self, DecodePicturesCommand.self,
    ])

  @OptionGroup var tool: ToolOptions
}
