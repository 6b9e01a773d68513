#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "solver/bridge/reverse_diffusion.hpp"
#include "solver/process/known_processes.hpp"
#include <boost/test/unit_test.hpp>
#include <chrono>
using namespace umkehr;
namespace {
Eigen::VectorXd v(double a){ return Eigen::VectorXd::Constant(1,a);} Eigen::MatrixXd m(double a){return Eigen::MatrixXd::Constant(1,1,a);}
}
BOOST_AUTO_TEST_CASE(x){
  const char* what = getenv("W") ? getenv("W") : "vp"; 
  Method method = static_cast<Method>(getenv("M")?atoi(getenv("M")):1);
  size_t N = getenv("N")?atoi(getenv("N")):256;
  Process p; double start=0, stop=1; Law law; double L=8; Boundary b=Boundary::reflecting;
  law = GaussianMixture({{0.35, v(-1.2), m(.16)},{0.65, v(.9), m(.3025)}});
  if(!strcmp(what,"vp")){ p.drift={Formula::parse("-(0.1+19.9*t)*x/2")}; p.diffusion={Formula::parse("0.1+19.9*t")}; }
  if(!strcmp(what,"vpn")){ p.drift={Formula::parse("-(0.1+19.9*t)*x/2+0*x^3")}; p.diffusion={Formula::parse("0.1+19.9*t")}; law=FormulaLaw{Formula::parse("0.35*exp(-(x+1.2)^2/0.32)/0.4+0.65*exp(-(x-0.9)^2/0.605)/0.55")}; }
  if(!strcmp(what,"dw")){ p.drift={Formula::parse("x-x^3")}; p.diffusion={Formula::parse("0.5")}; L=4; law=GaussianMixture({{1,v(0.2),m(.1)}});}
  if(!strcmp(what,"dwt")){ p.drift={Formula::parse("x-x^3")}; p.diffusion={Formula::parse("0.5+0.2*t")}; L=4; law=GaussianMixture({{1,v(0.2),m(.1)}}); start=0.3;stop=1.1;}
  if(!strcmp(what,"kill")){ p.drift={Formula::parse("-x")}; p.diffusion={Formula::parse("1")}; p.killing=Formula::parse("0.5*x^2"); law=GaussianMixture({{1,v(0.2),m(.3)}}); }
  if(!strcmp(what,"absorb")){ p.drift={Formula::parse("-x")}; p.diffusion={Formula::parse("1")};  law=GaussianMixture({{1,v(0.2),m(.1)}}); L=2; b=Boundary::absorbing;}
  if(!strcmp(what,"sin")){ p.drift={Formula::parse("-sin(x)")}; p.diffusion={Formula::parse("0.8")};  law=GaussianMixture({{1,v(0.2),m(.1)}}); L=M_PI; b=Boundary::periodic;}
  Grid grid({Axis{"x",-L,L,N,b}});
  KolmogorovChoices c; c.method=method; c.tolerance= getenv("T")?atof(getenv("T")):1e-10;
  FokkerPlanckReplay r; r.stop=stop; std::vector<double> times; for(int i=0;i<=4;++i) times.push_back(start+(stop-start)*i/4);
  auto t0=std::chrono::steady_clock::now();
  auto f=solve_fokker_planck(p,grid,law,start,times,c,{},&r);
  auto t1=std::chrono::steady_clock::now();
  ReverseDiffusionChoices rc; rc.kolmogorov=c;
  if(getenv("Q")) rc.initial = GaussianMixture({{1,v(0),m(1)}});
  auto s=reverse_diffusion(r,law,start,c,rc);
  auto t2=std::chrono::steady_clock::now();
  std::printf("%s method %d N %zu: forward %.2fs (%zu steps) reverse %.2fs (%zu steps)\n",what,(int)method,N,std::chrono::duration<double>(t1-t0).count(),f.run.steps.size(),std::chrono::duration<double>(t2-t1).count(),s.run.steps.size());
  for(double e: s.error) std::printf(" %.3e",e);
  std::printf("\n action %.15g running %.15g norm %.12g lost %g ways %g start_kl %g end_kl %g\n",s.action.action,s.action.running.value_or(NAN),s.action.normalisation.value_or(NAN),s.lost,s.ways_difference.value_or(NAN),s.start_kl.value_or(NAN),s.endpoint_kl.value_or(NAN));
  for(auto&w:s.warnings) std::printf(" ! %s\n",w.c_str());
}
